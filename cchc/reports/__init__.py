"""From notebooks to the pages that leadership reads: what is built, how a notebook runs, how a page is published."""
