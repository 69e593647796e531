"""The real providers; in the demo they speak to our sandboxes."""
