"""What `myschool` can do, a module a command: `add(parser)` describes it, `run(arguments, settings)` does it."""
