"""What we owe the public: what was and is done for an election, in counted rows."""
