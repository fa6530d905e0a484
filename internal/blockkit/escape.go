package blockkit

import "strings"

// Escape makes other people's words safe to be part of a mrkdwn text: the
// three characters that Slack gives a meaning of its own, and no others
// (docs.slack.dev, Formatting message text). It must not be used for plain
// text, in which the replacements would be seen.
func Escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// Length is the number of characters of s as far as Slack's limits are
// concerned. Slack does not say what it counts, so this counts UTF-16 code
// units: never fewer than the code points, and two for an emoji.
func Length(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}
