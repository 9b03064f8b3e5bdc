"""What a person or a system does with a case: each use case one function.

It takes who asks, checks access.yaml, notes the access and returns values. Command line, API and console are
its views: they hold no logic of their own.
"""
