package blockkit_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"

	"realtimekit-digest/internal/blockkit"
)

func TestLength(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, text string
		want       int
	}{
		{"empty", "", 0},
		{"ASCII", "abc", 3},
		{"accent", "é", 1},
		{"emoji", "😀", 2},
		{"family of four", "👨‍👩‍👧‍👦", 11},
		{"last of the basic plane", "\uffff", 1},
		{"not UTF-8", "a\xff", 2},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := blockkit.Length(c.text); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
	t.Run("as UTF-16, never fewer than runes", rapid.MakeCheck(func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		got := blockkit.Length(s)
		if want := len(utf16.Encode([]rune(s))); got != want || got < utf8.RuneCountInString(s) {
			t.Errorf("got %d, want %d", got, want)
		}
	}))
}

func TestEscape(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, text, want string }{
		{"nothing to do", "Stand-up", "Stand-up"},
		{"mention", "<!channel>", "&lt;!channel&gt;"},
		{"ampersand first", "a&lt;b", "a&amp;lt;b"},
		{"quotes stay", `"it's"`, `"it's"`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := blockkit.Escape(c.text); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	t.Run("nothing is lost and nothing is left", rapid.MakeCheck(func(t *rapid.T) {
		s := rapid.StringMatching(`[a&<>;]*(lt|gt|amp)?[&;<]*`).Draw(t, "s")
		got := blockkit.Escape(s)
		if strings.ContainsAny(got, "<>") {
			t.Errorf("got %q, want neither < nor >", got)
		}
		back := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(got)
		if back != s {
			t.Errorf("got %q, which reads as %q, want %q", got, back, s)
		}
	}))
}

// words draws a text of 1 to most UTF-16 code units that is not blank.
func words(most int) *rapid.Generator[string] {
	return rapid.Map(rapid.StringN(0, most/2, -1), func(s string) string {
		s = strings.TrimSpace(s)
		if s == "" || blockkit.Length(s) > most-1 {
			return "a"
		}
		return s + "."
	})
}

func cells(header bool) *rapid.Generator[blockkit.Cell] {
	return rapid.Custom(func(t *rapid.T) blockkit.Cell {
		if !header && rapid.Bool().Draw(t, "number") {
			return blockkit.NumberCell(rapid.Float64().Draw(t, "value"), words(12).Draw(t, "text"))
		}
		return blockkit.TextCell(words(12).Draw(t, "text"))
	})
}

func block(id string) *rapid.Generator[blockkit.Block] {
	return rapid.Custom(func(t *rapid.T) blockkit.Block {
		switch rapid.SampledFrom([]string{"header", "section", "context"}).Draw(t, "kind") {
		case "header":
			return blockkit.Header{ID: id, Text: words(blockkit.MaxHeader).Draw(t, "text")}
		case "section":
			return blockkit.Section{ID: id, Text: blockkit.Markdown(words(200).Draw(t, "text"))}
		default:
			texts := rapid.SliceOfN(rapid.Map(words(20), blockkit.Plain), 1, blockkit.MaxContextElements)
			return blockkit.Context{ID: id, Elements: texts.Draw(t, "elements")}
		}
	})
}

// What is built within the limits passes; one thing wrong in it does not, and
// the pointer says where.
func TestValidateProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		blocks := make([]blockkit.Block, rapid.IntRange(0, blockkit.MaxBlocks-1).Draw(t, "blocks"))
		for i := range blocks {
			blocks[i] = block(strings.Repeat("i", i+1)).Draw(t, "block")
		}
		width := rapid.IntRange(1, blockkit.MaxColumns).Draw(t, "columns")
		rows := [][]blockkit.Cell{rapid.SliceOfN(cells(true), width, width).Draw(t, "header")}
		row := rapid.SliceOfN(cells(false), width, width)
		rows = append(rows, rapid.SliceOfN(row, 1, 9).Draw(t, "rows")...)
		at := rapid.IntRange(0, len(blocks)).Draw(t, "place of the table")
		tail := append([]blockkit.Block{blockkit.DataTable{Caption: "c", Rows: rows}}, blocks[at:]...)
		blocks = append(blocks[:at:at], tail...)
		m := blockkit.Message{Text: words(blockkit.MaxText).Draw(t, "text"), Blocks: blocks}

		if err := blockkit.Validate(m); err != nil {
			t.Fatalf("got error %v, want none", err)
		}

		i := rapid.IntRange(0, len(rows)-1).Draw(t, "bad row")
		j := rapid.IntRange(0, width-1).Draw(t, "bad cell")
		rows[i][j] = blockkit.TextCell("")
		err := blockkit.Validate(m)
		var invalid *blockkit.InvalidError
		if !errors.As(err, &invalid) || len(invalid.Problems) != 1 {
			t.Fatalf("got %v, want one problem", err)
		}
		if got, want := invalid.Problems[0].Pointer, pointer(at, i, j); got != want {
			t.Fatalf("got pointer %q, want %q", got, want)
		}
	})
}

func pointer(block, row, cell int) string {
	return fmt.Sprintf("/blocks/%d/rows/%d/%d/text", block, row, cell)
}

// Whatever is sent, the check ends with a verdict, and one that is the same
// the second time and for the same JSON without white space.
func FuzzValidateJSON(f *testing.F) {
	for _, blocks := range []any{
		arr{header("a"), section("a"), rich("a"), container(divider(0))},
		arr{dataTable(grid(2, 2, "a")), pie(slices(2)), bars(2, 2)},
		arr{table(grid(2, 2, "a")), obj{"type": "actions", "elements": arr{button("a")}}},
	} {
		data, err := json.Marshal(blocks)
		if err != nil {
			f.Fatal(err)
		}
		f.Add("a", data)
	}
	f.Add("", []byte(`[{"type":"table","rows":[[null]]},{"type":["a"]},{"type":"image","alt_text":1e999}]`))
	f.Add("\xff", []byte(`[[[[`))
	f.Fuzz(func(t *testing.T, text string, blocks []byte) {
		err := blockkit.ValidateJSON(text, blocks)
		var invalid *blockkit.InvalidError
		if err != nil && (!errors.As(err, &invalid) || len(invalid.Problems) == 0 || invalid.Error() == "") {
			t.Fatalf("got %v, want problems", err)
		}
		again := blockkit.ValidateJSON(text, blocks)
		if (err == nil) != (again == nil) || err != nil && err.Error() != again.Error() {
			t.Errorf("got %v, then %v", err, again)
		}
		if err != nil {
			return
		}
		if strings.TrimSpace(text) == "" || blockkit.Length(text) > blockkit.MaxText {
			t.Errorf("text %q passed", text)
		}
		if len(strings.TrimSpace(string(blocks))) > 0 && !json.Valid(blocks) {
			t.Errorf("blocks %q passed", blocks)
		}
	})
}
