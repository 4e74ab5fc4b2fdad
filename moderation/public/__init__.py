"""What anybody may send us, without an account: reports, and calls for help."""
