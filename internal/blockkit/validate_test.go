package blockkit_test

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"realtimekit-digest/internal/blockkit"
)

func TestValidateJSONMessage(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, text    string
		blocks        any
		pointer, want string
	}{
		{"text alone", "a", "", "", ""},
		{"blocks null", "a", "null", "", ""},
		{"blocks empty", "a", "[]", "", ""},
		{"text empty", "", "", "/text", "not be empty"},
		{"text of spaces", " \n\t", "", "/text", "not be empty"},
		{"text not UTF-8", "a\xff", "", "/text", "UTF-8"},
		{"text at the limit", rep(3900), "", "", ""},
		{"text past the limit", rep(3901), "", "/text", "at most 3900 characters, has 3901"},
		{"text at the limit in UTF-16", strings.Repeat("😀", 1950), "", "", ""},
		{"text past the limit in UTF-16", strings.Repeat("😀", 1951), "", "/text", "has 3902"},
		{"blocks cut short", "a", `[{"type":"divider"`, "/blocks", "valid JSON"},
		{"blocks with something behind", "a", `[] []`, "/blocks", "more than one value"},
		{"blocks not UTF-8", "a", "[\"\xff\"]", "/blocks", "UTF-8"},
		{"blocks an object", "a", obj{"blocks": arr{}}, "/blocks", "must be an array, is an object"},
		{"block a string", "a", arr{"divider"}, "/blocks/0", "must be an object, is a string"},
		{"block null", "a", arr{nil}, "/blocks/0", "must be an object"},
		{"type missing", "a", arr{obj{}}, "/blocks/0/type", "name of a block type"},
		{"type unknown", "a", arr{obj{"type": "video"}}, "/blocks/0/type", `unknown block type "video"`},
		{"alert", "a", arr{obj{"type": "alert"}}, "/blocks/0/type", "modals only"},
		{"divider", "a", arr{obj{"type": "divider", "block_id": "d"}}, "", ""},
		{"misspelt field", "a", arr{obj{"type": "divider", "blockId": "d"}}, "/blocks/0", `invalid additional property "blockId"`},
		{"50 blocks", "a", list(50, divider), "", ""},
		{"51 blocks", "a", list(51, divider), "/blocks", "at most 50 blocks, has 51"},
		{"block_id at the limit", "a", arr{with(header("a"), "block_id", rep(255))}, "", ""},
		{"block_id past the limit", "a", arr{with(header("a"), "block_id", rep(256))}, "/blocks/0/block_id", "at most 255 characters, has 256"},
		{"block_id a number", "a", arr{with(header("a"), "block_id", 7)}, "/blocks/0/block_id", "must be a string, is a number"},
		{"block_ids empty", "a", arr{with(header("a"), "block_id", ""), with(header("a"), "block_id", "")}, "", ""},
		{"block_id twice", "a", arr{with(header("a"), "block_id", "x"), with(section("a"), "block_id", "x")}, "/blocks/1/block_id", "unique, is also that of /blocks/0"},
		{"block_id twice, once in a container", "a", arr{with(header("a"), "block_id", "x"), container(with(section("a"), "block_id", "x"))}, "/blocks/1/child_blocks/0/block_id", "unique"},
		{"total at the limit", "a", arr{section(rep(3000)), section(rep(3000)), section(rep(3000)), section(rep(3000)), section(rep(999))}, "", ""},
		{"total past the limit", "a", arr{section(rep(3000)), section(rep(3000)), section(rep(3000)), section(rep(3000)), section(rep(1000))}, "", "at most 12999 characters over all text blocks, has 13000"},
		{"total over every kind of text", "a", arr{
			header(rep(150)), markdown(rep(6000)), section(rep(3000)),
			obj{"type": "section", "fields": arr{plain(rep(2000))}},
			obj{"type": "context", "elements": arr{plain(rep(1000))}}, rich(rep(850)),
		}, "", "has 13000"},
		{"total over every part of rich text", "a", arr{
			markdown(rep(12000)), richParts(obj{"type": "rich_text_list", "elements": arr{leaves(text(rep(100))), leaves(text(rep(100)))}}, leaves(text(rep(100))),
				leaves(obj{"type": "link", "url": rep(100), "text": rep(100)}, obj{"type": "date", "fallback": rep(100)}, obj{"type": "emoji", "name": rep(400)})),
		}, "", "has 13000"},
		{"total over the titles of containers", "a", arr{
			markdown(rep(12000)), with(with(container(section(rep(700))), "title", plain(rep(100))), "subtitle", plain(rep(100))),
			with(with(container(divider(0)), "title", nil), "rich_text_title", rich(rep(100))),
		}, "", "has 13000"},
		{"total without the cells of tables", "a", arr{section(rep(3000)), section(rep(3000)), section(rep(3000)), section(rep(3000)), dataTable(grid(2, 1, rep(5000)))}, "", ""},
		{"two tables", "a", arr{dataTable(grid(2, 1, "a")), table(grid(2, 1, "a"))}, "/blocks/1", "at most 1 table"},
		{"two charts", "a", arr{pie(slices(1)), bars(1, 1)}, "", ""},
		{"three charts", "a", arr{pie(slices(1)), bars(1, 1), bars(1, 1)}, "/blocks/2", "at most 2 data_visualization"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			check(t, problems(t, c.text, c.blocks), c.pointer, c.want, false)
		})
	}
}

func richParts(parts ...any) obj { return obj{"type": "rich_text", "elements": parts} }

func leaves(leaves ...any) obj { return obj{"type": "rich_text_section", "elements": leaves} }

func text(s string) obj { return obj{"type": "text", "text": s} }

func divider(int) any { return obj{"type": "divider"} }

// Everything that is wrong is named at once, in the order of the blocks.
func TestValidateJSONCollectsAllProblems(t *testing.T) {
	t.Parallel()
	got := problems(t, "", arr{
		header(""),
		dataTable(arr{arr{raw("Meeting"), num(1)}, arr{raw(""), obj{"type": "raw_number", "value": "7"}, raw("x")}}),
		obj{"type": "video"},
	})
	want := []string{
		"/text", "/blocks/0/text/text", "/blocks/1/rows/0/1/type", "/blocks/1/rows/1",
		"/blocks/1/rows/1/0/text", "/blocks/1/rows/1/1/value", "/blocks/2/type",
	}
	var pointers []string
	for _, p := range got {
		pointers = append(pointers, p.Pointer)
	}
	if fmt.Sprint(pointers) != fmt.Sprint(want) {
		t.Errorf("got pointers %q, want %q", pointers, want)
	}
}

func TestInvalidErrorIsShort(t *testing.T) {
	t.Parallel()
	err := &blockkit.InvalidError{}
	for i := range 4000 {
		err.Problems = append(err.Problems, blockkit.Problem{Pointer: fmt.Sprintf("/blocks/%d", i), Message: "must not be empty"})
	}
	err.Problems[1].Pointer = ""
	got := err.Error()
	for _, want := range []string{
		"invalid message: /blocks/0: must not be empty; must not be empty; /blocks/2: ", "/blocks/9: ", "; and 3990 more",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got %q, want it to hold %q", got, want)
		}
	}
	if strings.Contains(got, "/blocks/10") {
		t.Errorf("got %q, want ten problems", got)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	cell := blockkit.TextCell
	number := blockkit.NumberCell
	head := []blockkit.Cell{cell("Meeting"), cell("Minutes")}
	dataTable := func(row ...blockkit.Cell) blockkit.Message {
		return blockkit.Message{Text: "a", Blocks: []blockkit.Block{
			blockkit.Header{Text: "a"}, blockkit.DataTable{Caption: "c", Rows: [][]blockkit.Cell{head, row}},
		}}
	}
	cases := []struct {
		name          string
		message       blockkit.Message
		pointer, want string
	}{
		{"text alone", blockkit.Message{Text: "a"}, "", ""},
		{"nothing", blockkit.Message{}, "/text", "not be empty"},
		{"nil block", blockkit.Message{Text: "a", Blocks: []blockkit.Block{nil}}, "/blocks/0", "must be an object"},
		{"empty header", blockkit.Message{Text: "a", Blocks: []blockkit.Block{blockkit.Header{}}}, "/blocks/0/text/text", "not be empty"},
		{"data table", dataTable(cell("Standup"), number(1.5, "1.5")), "", ""},
		{"number without a text", dataTable(cell("Standup"), number(0, "")), "", ""},
		{"not a number", dataTable(cell("Standup"), number(math.NaN(), "–")), "/blocks/1/rows/1/1/value", "finite number"},
		{"infinite", dataTable(cell("Standup"), number(math.Inf(1), "∞")), "/blocks/1/rows/1/1/value", "finite number"},
		{"empty cell", dataTable(cell(""), number(1, "1")), "/blocks/1/rows/1/0/text", "not be empty"},
		{"short row", dataTable(cell("Standup")), "/blocks/1/rows/1", "as many cells as the header, 2, has 1"},
		{"negative page size", blockkit.Message{Text: "a", Blocks: []blockkit.Block{
			blockkit.DataTable{Caption: "c", PageSize: -1, Rows: [][]blockkit.Cell{head, head}},
		}}, "/blocks/0/page_size", "must be 1 to 100, is -1"},
		{"table shows no number", blockkit.Message{Text: "a", Blocks: []blockkit.Block{
			blockkit.Table{Rows: [][]blockkit.Cell{{number(1, "")}}},
		}}, "/blocks/0/rows/0/0/text", "not be empty"},
		{"context without a text", blockkit.Message{Text: "a", Blocks: []blockkit.Block{blockkit.Context{}}}, "/blocks/0/elements", "must be an array"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			check(t, problemsOf(t, blockkit.Validate(c.message)), c.pointer, c.want, false)
		})
	}
}

type unwritable struct{ blockkit.Header }

func (unwritable) MarshalJSON() ([]byte, error) { return nil, io.ErrNoProgress }

func TestValidateUnwritableBlock(t *testing.T) {
	t.Parallel()
	err := blockkit.Validate(blockkit.Message{Text: "a", Blocks: []blockkit.Block{unwritable{}}})
	if !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("got error %v, want the block's own", err)
	}
}

// Slack refuses a field that it does not know, anywhere in a block.
func TestValidateJSONUnknownFields(t *testing.T) {
	t.Parallel()
	bar := bars(1, 1)["chart"].(obj)
	cases := []struct {
		name    string
		block   obj
		pointer string
	}{
		{"header", with(header("a"), "x", 1), "/blocks/0"},
		{"text object", with(header("a"), "text", with(plain("a"), "x", 1)), "/blocks/0/text"},
		{"section", with(section("a"), "x", 1), "/blocks/0"},
		{"context", obj{"type": "context", "elements": arr{plain("a")}, "x": 1}, "/blocks/0"},
		{"divider", obj{"type": "divider", "x": 1}, "/blocks/0"},
		{"actions", obj{"type": "actions", "elements": arr{button("a")}, "x": 1}, "/blocks/0"},
		{"markdown", with(markdown("a"), "x", 1), "/blocks/0"},
		{"image", obj{"type": "image", "image_url": "a", "alt_text": "a", "x": 1}, "/blocks/0"},
		{"data_table", with(dataTable(grid(2, 1, "a")), "x", 1), "/blocks/0"},
		{"data_table text", dataTable(arr{arr{with(raw("a"), "x", 1)}, arr{raw("a")}}), "/blocks/0/rows/0/0"},
		{"data_table number", dataTable(arr{arr{raw("a")}, arr{with(num(1), "x", 1)}}), "/blocks/0/rows/1/0"},
		{"table", with(table(grid(1, 1, "a")), "x", 1), "/blocks/0"},
		{"table text", table(arr{arr{with(raw("a"), "x", 1)}}), "/blocks/0/rows/0/0"},
		{"table column", with(table(grid(1, 1, "a")), "column_settings", arr{obj{"x": 1}}), "/blocks/0/column_settings/0"},
		{"chart block", with(pie(slices(1)), "x", 1), "/blocks/0"},
		{"pie", chart(obj{"type": "pie", "segments": slices(1), "x": 1}), "/blocks/0/chart"},
		{"slice", pie(arr{obj{"label": "a", "value": 1, "x": 1}}), "/blocks/0/chart/segments/0"},
		{"bar", chart(with(bar, "x", 1)), "/blocks/0/chart"},
		{"axis", chart(with(bar, "axis_config", with(bar["axis_config"].(obj), "x", 1))), "/blocks/0/chart/axis_config"},
		{"series", chart(with(bar, "series", arr{obj{"name": "a", "data": points(1), "x": 1}})), "/blocks/0/chart/series/0"},
		{"point", chart(with(bar, "series", arr{obj{"name": "a", "data": arr{with(points(1)[0].(obj), "x", 1)}}})), "/blocks/0/chart/series/0/data/0"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			check(t, problems(t, "a", arr{c.block}), c.pointer, `invalid additional property "x"`, false)
		})
	}
}
