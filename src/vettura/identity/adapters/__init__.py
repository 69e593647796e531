"""Where allauth asks us: sign-in, sign-in for programs, and the key that signs for them."""
