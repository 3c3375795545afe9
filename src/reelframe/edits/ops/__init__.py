"""The operations of the edit vocabulary, a module per family; ``reelframe.edits.vocabulary`` has them all."""
