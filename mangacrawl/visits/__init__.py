"""What else asks sites for something: `scrapy search`, `scrapy probe`, `scrapy newsource`."""
