"""Passwords of the tests, hashed quickly: nobody attacks them."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Quick(Argon2PasswordHasher):
    """The real algorithm at the least cost (快速散列); as ``gongkai demo`` does for its own."""

    time_cost, memory_cost, parallelism = 1, 1024, 1
