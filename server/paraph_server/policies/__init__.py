"""What an organisation asks of signatures, as the risk grows: its signature policy, and advice where it has none."""
