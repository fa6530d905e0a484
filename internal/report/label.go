package report

import (
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
)

// label gives every meeting a label of its own: its title, with a short id
// where another meeting has the same title or it is empty, and the whole id
// where even that is not enough.
func label(all []*folded) {
	for _, m := range all {
		m.Label = cut(clean(m.title), maxLabel)
	}
	titles := count(all)
	for _, m := range all {
		if m.Label == "" || titles[m.Label] > 1 {
			m.Label = withID(m.title, short(clean(m.ID)))
		}
	}
	labels := count(all)
	for _, m := range all {
		if labels[m.Label] > 1 {
			m.Label = withID(m.title, clean(m.ID))
		}
	}
}

func count(all []*folded) map[string]int {
	n := map[string]int{}
	for _, m := range all {
		n[m.Label]++
	}
	return n
}

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
	visible, space := false, false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r), r == '\u2800', r == '\u3164', r == '\u115f', r == '\u1160', r == '\uffa0':
			space = true
			continue
		case r == '\u200d' || r == '\u200c':
			// They join emoji and separate letters; without neighbours they are nothing.
			if !visible || space {
				continue
			}
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), unicode.Is(unicode.Cs, r):
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
		space = false
		visible = visible || unicode.IsGraphic(r) && !unicode.Is(unicode.M, r)
		b.WriteRune(r)
	}
	if !visible {
		return ""
	}
	return b.String()
}

// cut shortens s to at most limit of Slack's characters, at a space where one
// is near, and shows it with "…".
func cut(s string, limit int) string {
	if blockkit.Length(s) <= limit {
		return s
	}
	s = cutHard(s, limit-1)
	if i := strings.LastIndexByte(s, ' '); i > len(s)/2 {
		s = s[:i]
	}
	if s == "" {
		return ""
	}
	return strings.TrimRight(s, " ") + "…"
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
