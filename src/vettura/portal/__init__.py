"""
The frame of every page: layout, navigation, the design system, error pages and security headers.

A shell. It decides nothing about the business: the pages themselves belong to their contexts, which extend
`portal/base.html` and use the component classes that are shown at `/design/`. Colors, type and space are tokens in
`styles/tokens.css`; drawings of cars come from the pack, icons are our own.
"""
