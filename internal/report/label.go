package report

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"

	"realtimekit-digest/internal/blockkit"
)

const (
	// maxLabel is the longest label of a meeting, in Slack's characters. A
	// hundred of them, with their numbers, fit into every table and message.
	maxLabel = 60
	// shortID is how much of a meeting's id stands beside a title that other
	// meetings have too. Ids up to wholeID characters are shown whole.
	shortID = 8
	wholeID = 16

	untitled = "Untitled"
	// noMeeting stands for the sessions that belong to no known meeting. They
	// may have nothing in common, so none of their titles is that of all.
	noMeeting = "Sessions without a meeting id"
	// otherMeeting ends the label of the row for the rest, with an s for more
	// than one. A meeting that calls itself so is told apart by its id.
	otherMeeting = "other meeting"

	// maxMarks is how many combining marks a character can have: enough to
	// write every living language, too few to draw over the next line.
	maxMarks = 4
)

// label gives every meeting a label of its own: its title, with a short id
// where another meeting has the same title or it is empty, the whole id where
// that is not enough, and a number where not even ids can be told apart.
func label(all []*folded) {
	for _, m := range all {
		if m.ID == "" {
			m.title = noMeeting
		}
		m.Label = cut(clean(m.title), maxLabel)
	}
	titles := count(all)
	for _, m := range all {
		if m.Label == "" || titles[look(m.Label)] > 1 || strings.HasSuffix(strings.TrimSuffix(m.Label, "s"), otherMeeting) {
			m.Label = withID(m.title, short(clean(m.ID)))
		}
	}
	labels := count(all)
	for _, m := range all {
		if labels[look(m.Label)] > 1 {
			m.Label = withID(m.title, clean(m.ID))
		}
	}
	taken, next := map[string]bool{}, map[string]int{}
	for _, m := range all {
		// Numbers go on from where the last meeting that looks the same has
		// got to, since there can be thousands of them.
		base := look(m.Label)
		for n := max(2, next[base]); taken[look(m.Label)]; n++ {
			m.Label = withID(m.title, short(clean(m.ID))+" #"+strconv.Itoa(n))
			next[base] = n + 1
		}
		taken[look(m.Label)] = true
	}
}

// count is how many meetings have a label, as far as a reader can tell.
func count(all []*folded) map[string]int {
	n := map[string]int{}
	for _, m := range all {
		n[look(m.Label)]++
	}
	return n
}

// look is s without what clean lets through and a reader may not see.
func look(s string) string {
	return strings.Map(func(r rune) rune {
		if joiner(r) || unicode.Is(unicode.Variation_Selector, r) {
			return -1
		}
		return r
	}, s)
}

// joiner tells whether r joins emoji or separates letters, and shows nothing
// by itself.
func joiner(r rune) bool { return r == '\u200d' || r == '\u200c' }

func withID(title, id string) string {
	if id == "" {
		id = "no id"
	}
	id = " (" + cut(id, maxLabel-len(untitled)-3) + ")"
	title = cut(clean(title), maxLabel-blockkit.Length(id))
	if title == "" {
		title = untitled
	}
	return title + id
}

func short(id string) string {
	if len(id) <= wholeID {
		return id
	}
	return cutHard(id, shortID)
}

// clean makes other people's text one harmless line. Control and formatting
// characters (bidirectional overrides and zero-width ones among them) go, and
// so do the characters that Slack reads as the beginning of a mention, a link
// or code; what looks like them takes their place, since nobody documents in
// which places of a table Slack would undo an escape. Text that shows nothing
// is empty.
func clean(s string) string {
	var b strings.Builder
	visible, space, marks := false, false, 0
	for _, r := range s {
		switch {
		case unicode.IsSpace(r), r == '\u2800', r == '\u3164', r == '\u115f', r == '\u1160', r == '\uffa0':
			space = true
			continue
		case !joiner(r) && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs,
			unicode.Noncharacter_Code_Point, unicode.Other_Default_Ignorable_Code_Point):
			continue
		case joiner(r) || unicode.Is(unicode.M, r):
			// Without a character before them they would be part of other text.
			if marks++; !visible || space || marks > maxMarks {
				continue
			}
			b.WriteRune(r)
			continue
		case r == '<':
			r = '‹'
		case r == '>':
			r = '›'
		case r == '`':
			r = '\''
		}
		if space && visible {
			b.WriteByte(' ')
		}
		visible, space, marks = true, false, 0
		b.WriteRune(r)
	}
	return b.String()
}

// cut shortens s to at most limit of Slack's characters, after a word unless
// that would lose half of it, and shows it with "…".
func cut(s string, limit int) string {
	if blockkit.Length(s) <= limit {
		return s
	}
	start := cutHard(s, limit-1)
	if i := strings.LastIndexByte(start, ' '); s[len(start)] != ' ' && i > len(start)/2 {
		start = start[:i]
	}
	if start == "" {
		return ""
	}
	return strings.TrimRight(start, " ") + "…"
}

// cutHard is the longest beginning of s that has at most limit of Slack's
// characters and does not end within what a reader sees as one.
func cutHard(s string, limit int) string {
	end, used := 0, 0
	for g := uniseg.NewGraphemes(s); g.Next(); {
		if used += blockkit.Length(g.Str()); used > limit {
			break
		}
		_, end = g.Positions()
	}
	return s[:end]
}

// cutEscaped is cut for a limit that holds after escaping.
func cutEscaped(s string, limit int) string {
	for n := limit; ; n -= max(1, n/10) {
		if short := cut(s, n); escapedLength(short) <= limit {
			return short
		}
	}
}
