"""The `vettura` command: everything on one machine, one process each as in production, and the tools of the operator."""
