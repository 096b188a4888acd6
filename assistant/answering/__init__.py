"""Question -> answer: the chain from the query to the checked text, and the refusals."""
