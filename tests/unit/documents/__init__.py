"""Documents that the tests make themselves: ordinary papers, and files built to do harm."""
