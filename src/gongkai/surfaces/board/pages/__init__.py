"""What stands on each kind of page. Each module takes the press and what the queries found."""
