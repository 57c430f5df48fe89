"""The way onto the wire: who may be asked, by which proof, how many and how much at once."""
