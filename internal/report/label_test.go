package report

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"realtimekit-digest/internal/blockkit"
)

func TestClean(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, s, want string }{
		{"usual", "Weekly planning", "Weekly planning"},
		{"empty", "", ""},
		{"spaces", " \t a  b\r\n\u00a0c\u2003\u3000", "a b c"},
		{"line separators", "a\u2028b\u2029c\u0085d\ve", "a b c d e"},
		{"blank letters", "\u2800\u3164\u115f\u1160\uffa0", ""},
		{"blank letters between", "a\u3164b", "a b"},
		{"control", "a\x00b\x07c\x7fd\u0091e", "abcde"},
		{"escape sequence", "\x1b[31mred", "[31mred"},
		{"directions", "\u202ea\u2066b\u2069\u200ec\u200f\u061cd", "abcd"},
		{"zero width", "\u200b\ufeff\u2060\u00ad", ""},
		{"language tags", "a\U000e0041\U000e007f", "a"},
		{"private", "\ue000a\U000f0000", "a"},
		{"no characters", "\ufffea\uffff\U0001ffff", "a"},
		{"ignorable", "a\u034fb\u2065\U000e0fff", "ab"},
		{"mention", "<!channel>", "‹!channel›"},
		{"fence", "```x```", "'''x'''"},
		{"ampersand stays", "R&D &lt;", "R&D &lt;"},
		{"family", "👩‍👩‍👧 x", "👩‍👩‍👧 x"},
		{"joiner between letters", "می\u200cخواهم", "می\u200cخواهم"},
		{"joiner alone", "\u200d", ""},
		{"joiner in front", "\u200da", "a"},
		{"joiner after a space", "a \u200db", "a b"},
		{"mark alone", "\u0301", ""},
		{"mark in front", "\u0301a", "a"},
		{"mark after a space", "a \u0301b", "a b"},
		{"accent", "e\u0301", "e\u0301"},
		{"as many marks as letters need", "a\u0301\u0302\u0303\u0304", "a\u0301\u0302\u0303\u0304"},
		{"more", "a\u0301\u0302\u0303\u0304\u0305\u0306b\u0301", "a\u0301\u0302\u0303\u0304b\u0301"},
		{"not UTF-8", "a\xffb", "a\ufffdb"},
		{"newer than the tables", "\U0001fae9", "\U0001fae9"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := clean(c.s); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	t.Run("clean stays clean", rapid.MakeCheck(func(t *rapid.T) {
		s := clean(rapid.String().Draw(t, "s"))
		if again := clean(s); again != s {
			t.Errorf("got %q, then %q", s, again)
		}
	}))
}

func TestCut(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, s string
		limit   int
		want    string
	}{
		{"fits", "one two", 7, "one two"},
		{"empty", "", 0, ""},
		{"after a word", "one two three", 10, "one two…"},
		{"exactly after a word", "one two three", 8, "one two…"},
		{"within a word, rather than lose half", "a bcdefghijklmnop", 10, "a bcdefgh…"},
		{"a single word", "Donaudampfschifffahrt", 6, "Donau…"},
		{"never within an emoji", "👩‍👩‍👧👩‍👩‍👧", 10, "👩‍👩‍👧…"},
		{"nor its flag", "🇩🇪🇫🇷", 7, "🇩🇪…"},
		{"nor an accent", "ae\u0301xyz", 3, "a…"},
		{"first character too long", "👩‍👩‍👧x", 5, ""},
		{"no room", "abc", 0, ""},
		{"room for the dots only", "abc", 1, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := cut(c.s, c.limit); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	t.Run("within the limit, at a word's end", rapid.MakeCheck(func(t *rapid.T) {
		s := clean(rapid.OneOf(rapid.String(), rapid.StringMatching(`([a-z]{1,9} ){0,20}`)).Draw(t, "s"))
		limit := rapid.IntRange(0, 70).Draw(t, "limit")
		got := cut(s, limit)
		start, was := strings.CutSuffix(got, "…")
		if blockkit.Length(got) > limit || !strings.HasPrefix(s, start) {
			t.Errorf("got %q of %q for %d", got, s, limit)
		}
		// Words of up to nine letters are never cut where there is room for two.
		if was && got != s && limit > 20 && isWords(s) && s[len(start)] != ' ' {
			t.Errorf("got %q of %q, cut within a word", got, s)
		}
		if escaped := cutEscaped(s, limit); escapedLength(escaped) > limit {
			t.Errorf("got %q for %d after escaping", escaped, limit)
		}
	}))
}

func isWords(s string) bool {
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz ") == "" && !strings.ContainsFunc(s, func(r rune) bool { return r > 'z' }) && longestWord(s) <= 9
}

func longestWord(s string) (n int) {
	for _, word := range strings.Fields(s) {
		n = max(n, len(word))
	}
	return n
}

func TestLabel(t *testing.T) {
	t.Parallel()
	const (
		one = "3f2a91c0-1111-4000-8000-000000000001"
		two = "3f2a91c0-1111-4000-8000-000000000002"
		far = "77777777-1111-4000-8000-000000000003"
	)
	type meeting struct{ id, title, want string }
	cases := []struct {
		name     string
		meetings []meeting
	}{
		{"different titles", []meeting{{one, "Demo", "Demo"}, {two, "Retro", "Retro"}}},
		{"same title", []meeting{{one, "Demo", "Demo (3f2a91c0)"}, {far, " Demo ", "Demo (77777777)"}, {two[1:], "Retro", "Retro"}}},
		{"same title, same short id", []meeting{{one, "Demo", "Demo (" + one + ")"}, {two, "Demo", "Demo (" + two + ")"}, {far, "Demo", "Demo (77777777)"}}},
		{"room names are whole", []meeting{{"abcdef-ghijkl", "", "Untitled (abcdef-ghijkl)"}}},
		{"same but for what cannot be seen", []meeting{{one, "Demo", "Demo (3f2a91c0)"}, {far, "De\u200dmo\ufe0f", "De\u200dmo\ufe0f (77777777)"}}},
		{"a title like another label", []meeting{{"abc", "Demo", "Demo (abc)"}, {"def", "Demo", "Demo (def)"}, {"ghi", "Demo (abc)", "Demo (abc) (ghi)"}}},
		{"a title like a label that was made out of need", []meeting{{"abc", "Demo", "Demo (abc)"}, {"def", "Demo", "Demo (def)"},
			{"ghi", "Demo (abc)", "Demo (abc) (ghi)"}, {"jkl", "Demo (abc) (ghi)", "Demo (abc) (ghi) (jkl #2)"}}},
		{"ids that look the same", []meeting{{"a", "", "Untitled (a)"}, {"a\u200b", "", "Untitled (a #2)"}, {"a\u200b\u200b", "", "Untitled (a #3)"}}},
		{"ids of any length", []meeting{{"0123456789" + strings.Repeat("a", 200), "", "Untitled (0123456789" + strings.Repeat("a", 38) + "…)"},
			{"0123456789" + strings.Repeat("a", 201), "", "Untitled (01234567 #2)"}}},
		{"no meeting", []meeting{{"", "Whose?", "Sessions without a meeting id"}, {"b", "Whose?", "Whose?"}}},
		{"a meeting called like none", []meeting{{"", "x", "Sessions without a meeting id (no id)"}, {"b", "Sessions without a meeting id", "Sessions without a meeting id (b)"}}},
		{"a meeting called like the rest", []meeting{{"b", "12 other meetings", "12 other meetings (b)"}, {"c", "1 other meeting", "1 other meeting (c)"}}},
		{"a long title", []meeting{{one, strings.Repeat("Weekly ", 20), strings.TrimSpace(strings.Repeat("Weekly ", 8)) + "…"}}},
		{"long titles with the same beginning", []meeting{
			{one, strings.Repeat("Weekly ", 20) + "a", strings.TrimSpace(strings.Repeat("Weekly ", 7)) + "… (3f2a91c0)"},
			{far, strings.Repeat("Weekly ", 20) + "b", strings.TrimSpace(strings.Repeat("Weekly ", 7)) + "… (77777777)"},
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var all []*folded
			for _, m := range c.meetings {
				all = append(all, &folded{Meeting: Meeting{ID: m.id}, title: m.title})
			}
			label(all)
			for i, m := range c.meetings {
				if got := all[i].Label; got != m.want || blockkit.Length(got) > maxLabel {
					t.Errorf("meeting %q: got %q, want %q", m.id, got, m.want)
				}
			}
		})
	}
}
