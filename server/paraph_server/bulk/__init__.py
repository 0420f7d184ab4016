"""One template, ten thousand people: a spreadsheet becomes workflows, each row once."""
