package report

import (
	"fmt"
	"strings"

	"realtimekit-digest/internal/blockkit"
)

// text tells the whole story without blocks, for notifications and screen
// readers: the point first, then the biggest meetings, then the small print.
// It is escaped for Slack and within Slack's limit.
func (r Report) text() string {
	head := r.title() + ": " + r.point()
	if warning := r.warning(); warning != "" {
		head = r.title() + ": " + warning + "\n" + r.point()
	}
	tail := strings.Join(r.footer(), "\n")
	room := blockkit.MaxText - 1 - escapedLength(head) - escapedLength(tail) - 2
	lines := []string{head}
	lines = append(lines, r.ranking(room)...)
	return blockkit.Escape(strings.Join(append(lines, tail), "\n"))
}

// ranking is the top meetings, a line each, and one line for the others, in
// at most room characters after escaping.
func (r Report) ranking(room int) []string {
	meetings := r.Summary.Meetings
	var lines []string
	const reserve = 100 // for the line about the others
	for i, m := range meetings[:min(r.Top, len(meetings))] {
		cells := r.texts(m)
		if m.Peak < 0 {
			cells[4] = "unknown"
		}
		line := fmt.Sprintf("%d. %s with %s minutes (%s), %s, peak %s", i+1, cells[0], cells[2], cells[3], counted(m.Sessions, "session"), cells[4])
		if room -= escapedLength(line) + 1; room < reserve {
			break
		}
		lines = append(lines, line)
	}
	if others, n := r.others(len(lines)); n > 0 {
		lines = append(lines, fmt.Sprintf("%s with %s minutes (%s), %s", others.Label, exact(others.Minutes),
			percent(share(others.Minutes, r.Summary.Minutes)), counted(others.Sessions, "session")))
	}
	return lines
}

func escapedLength(s string) int { return blockkit.Length(blockkit.Escape(s)) }
