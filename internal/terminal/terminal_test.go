package terminal

import (
	"strings"
	"testing"
)

func TestShow(t *testing.T) {
	for _, tc := range []struct {
		name, text, blocks, want string
	}{
		{"no blocks", "R&amp;D &lt;3", "", "R&D <3\n"},
		{"empty list", "story", "[]", "story\n"},
		{"header and sentences", "story", `[
			{"type":"header","text":{"type":"plain_text","text":"Usage"}},
			{"type":"section","text":{"type":"plain_text","text":"a &amp; b"}},
			{"type":"section","text":{"type":"mrkdwn","text":"` + "```\\na &amp; b\\n```" + `"}},
			{"type":"context","elements":[{"type":"plain_text","text":"one\ntwo"}]}]`,
			"Usage\n═════\n\na &amp; b\n\na & b\n\n  one\n  two\n"},
		{"a table's first page", "story", `[{"type":"data_table","caption":"Minutes","page_size":2,"rows":[
			[{"type":"raw_text","text":"Meeting"},{"type":"raw_text","text":"Minutes"}],
			[{"type":"raw_text","text":"設計"},{"type":"raw_number","value":1234.5,"text":"1,234.50"}],
			[{"type":"raw_text","text":"b"},{"type":"raw_number","value":7}],
			[{"type":"raw_text","text":"c"},{"type":"raw_number","value":6}]]}]`,
			"Minutes\n" +
				"  Meeting    Minutes\n" +
				"  ───────   ────────\n" +
				"  設計      1,234.50\n" +
				"  b                7\n" +
				"  rows 1–2 of 3, on 2 pages\n"},
		{"a plain table", "story", `[{"type":"table","rows":[[{"type":"raw_text","text":"A"}],[{"type":"raw_text","text":"b"}]]}]`,
			"  A\n  ─\n  b\n"},
		{"a table without rows", "story", `[{"type":"table","rows":[]}]`, ""},
		{"a block of another kind", "story", `[{"type":"data_visualization"}]`, "[data_visualization]\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := Show(tc.text, []byte(tc.blocks))
			if err != nil {
				t.Fatal(err)
			}
			if got != tc.want {
				t.Errorf("got\n%s\nwant\n%s", got, tc.want)
			}
		})
	}
	if _, err := Show("story", []byte("{")); err == nil || !strings.Contains(err.Error(), "blocks") {
		t.Error(err)
	}
}
