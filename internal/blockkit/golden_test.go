package blockkit_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"realtimekit-digest/internal/blockkit"
)

// TestJSON compares every block's JSON with the one in testdata. Run it with
// -update to write those files, and read the difference before committing it.
func TestJSON(t *testing.T) {
	cell, number := blockkit.TextCell, blockkit.NumberCell
	rows := [][]blockkit.Cell{
		{cell("Meeting"), cell("Minutes")},
		{cell("Stand-up <daily> & more"), number(12842.53, "12,842.5")},
		{cell("Retro"), number(0, "")},
	}
	cases := []struct {
		name, about string
		message     blockkit.Message
	}{
		{"text", "A message without blocks has no field for them.",
			blockkit.Message{Text: "No usage yesterday."}},
		{"header", "Plain text, in which nothing becomes an emoji.",
			message(blockkit.Header{ID: "head", Text: "RealtimeKit :tada: & more"})},
		{"section", "mrkdwn is verbatim: names and addresses in it are not linked.",
			message(blockkit.Section{Text: blockkit.Markdown("*643 sessions* of " + blockkit.Escape("<R&D>"))},
				blockkit.Section{ID: "plain", Text: blockkit.Plain("*not bold*")})},
		{"context", "Small print, of both kinds of text.",
			message(blockkit.Context{ID: "foot", Elements: []blockkit.Text{blockkit.Plain("complete"), blockkit.Markdown("_estimate_")}})},
		{"data_table", "A number has a value to sort by and, if it differs, a text to show.",
			message(blockkit.DataTable{ID: "meetings", Caption: "Meetings, biggest first", PageSize: 10, Rows: rows})},
		{"table", "Every cell is a text; the second column is aligned right.",
			message(blockkit.Table{ID: "meetings", RightAligned: []int{1, 2, 7, -1}, Rows: rows[:2]})},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if err := blockkit.Validate(c.message); err != nil {
				t.Errorf("got error %v, want a message that Slack takes", err)
			}
			got, err := json.MarshalIndent(c.message, "", "  ")
			if err != nil {
				t.Fatalf("marshal: %v", err)
			}
			compare(t, c.name, c.about, append(got, '\n'))
		})
	}
}

func message(blocks ...blockkit.Block) blockkit.Message {
	return blockkit.Message{Text: "a", Blocks: blocks}
}

// compare holds got against the file of that name in testdata.
func compare(t *testing.T, name, about string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".txtar")
	if flag.Lookup("update").Value.String() == "true" {
		archive := &txtar.Archive{
			Comment: []byte(about + "\n"),
			Files:   []txtar.File{{Name: "message.json", Data: got}},
		}
		if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatalf("%v (run with -update to write it)", err)
	}
	if len(archive.Files) != 1 || !bytes.Equal(archive.Files[0].Data, got) {
		t.Errorf("got\n%swant what is in %s", got, path)
	}
}

// Both forms of a block say what it is.
func TestKindAndBlockID(t *testing.T) {
	t.Parallel()
	for _, block := range []blockkit.Block{
		blockkit.Header{ID: "id"}, blockkit.Section{ID: "id"}, blockkit.Context{ID: "id"},
		blockkit.DataTable{ID: "id"}, blockkit.Table{ID: "id"},
	} {
		data, err := json.Marshal(block)
		if err != nil {
			t.Fatal(err)
		}
		var wire struct {
			Type string `json:"type"`
			ID   string `json:"block_id"`
		}
		if err := json.Unmarshal(data, &wire); err != nil {
			t.Fatal(err)
		}
		if wire.Type != block.Kind() || wire.ID != block.BlockID() {
			t.Errorf("%T: got JSON %+v, want %q and %q", block, wire, block.Kind(), block.BlockID())
		}
	}
}
