"""
Instructions that run: every how-to is a path through the head unit's own menu tree for *your* car.

Articles are facts of the pack (`packs/<pack>/help/`): a question, the sentence that settles it, steps, and the task
whose path is rendered from the head unit's tree. Promises: a reader gets one path, the one of the car's generation
(KB-002); where the source has none, the article says so and names the manual; numbers come from the terms.
"""
