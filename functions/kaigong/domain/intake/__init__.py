"""What is asked of an application (受理): papers, letters, codes, privileges; and what is told when it falls short."""
