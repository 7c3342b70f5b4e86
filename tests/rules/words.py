"""Strings and how many words they have. The server and the page are held to the same list."""

CORPUS = {
    "": 0, " \t\r\n ": 0, "yksi": 1, "kaksi sanaa": 2, "  reunat   pois  ": 2,
    # compounds, numbers, signs
    "linja-auto kaupunki- ja": 3, "maa- ja metsätalous – hyvä": 4, "alku - loppu": 2, "1 000 000 €": 3, "1\u00a0000 €": 2, "50 %": 1, "12,5": 1, "klo 14.02–16": 2,
    "§ 5": 1, "½ ² ①": 3, "ja/tai": 1, "EU:n": 1, "«hei»": 1, "…": 0, "--- *** ___": 0, "?!": 0,
    # addresses
    "https://klash.example.org/a-b?c=d&e=f#g": 1, "matti@example.org": 1, "www.kunta.fi, kunta.fi": 2,
    # ends of lines and spaces of every width
    "a\r\nb\rc\nd": 4, "a\u00a0b": 2, "a\u202fb\u2007c": 3, "a\u2028b\u2029c\x85d": 4, "a\x0bb\x0cc\x1fd\x1ce": 5, "a\u3000b\u1680c\u205fd": 4,
    # what has no width divides nothing; what looks like a space does
    "pit\u00adkä sana": 2, "a\u200bb": 1, "a\u200cb\u200dc\u2060d": 1, "\ufeffalku": 1, "\ufeff": 0, "\u200b \u00ad": 0, "a\u180eb": 1, "a\u2800b\u3164c\uffa0d": 4,
    # pictographs, marks, other scripts
    "🎉": 0, "👩‍👩‍👧 perhe": 1, "hei🎉": 1, "🇫🇮": 0, "1️⃣": 1, "e\u0301te": 1, "\u0301": 0, "中文 字": 2, "Привет мир": 2, "שלום עולם": 2, "कि": 1, "ª º": 2, "𝒳 𝟙": 2, "𐐷": 1,
    # markdown
    "# Otsikko": 1, "- yksi\n- kaksi\n* kolme": 3, "1. ensin\n2. sitten": 4, "**lihava** _kursivoitu_": 2, "[linkki](https://example.org)": 1, "| a | b |\n|---|---|": 2,
    "> lainaus": 1, "```\nkoodi\n```": 1, "\\* ei\\_luettelo": 1, "&nbsp; &amp;": 2,
    # as it comes from elsewhere
    "a\x00b": 1, "\u202eoikealta": 1, "sana,sana;sana": 1, "a b".replace(" ", "\u2003"): 2, "x " * 1000: 1000, "." * 5000: 0,
}
