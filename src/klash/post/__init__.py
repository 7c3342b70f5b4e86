"""Every mail is a row, written in the transaction of what it tells about, sent once by a worker."""
