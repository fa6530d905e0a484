package blockkit_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"realtimekit-digest/internal/blockkit"
)

// obj and arr keep the JSON of a case on one line.
type (
	obj = map[string]any
	arr = []any
)

// rep is a text of n characters.
func rep(n int) string { return strings.Repeat("a", n) }

func plain(s string) obj  { return obj{"type": "plain_text", "text": s} }
func mrkdwn(s string) obj { return obj{"type": "mrkdwn", "text": s} }
func header(s string) obj { return obj{"type": "header", "text": plain(s)} }
func section(s string) obj {
	return obj{"type": "section", "text": mrkdwn(s)}
}
func markdown(s string) obj { return obj{"type": "markdown", "text": s} }
func raw(s string) obj      { return obj{"type": "raw_text", "text": s} }
func num(f any) obj         { return obj{"type": "raw_number", "value": f, "text": "1"} }
func rich(s string) obj {
	return obj{"type": "rich_text", "elements": arr{
		obj{"type": "rich_text_section", "elements": arr{obj{"type": "text", "text": s}}}}}
}
func button(s string) obj { return obj{"type": "button", "action_id": s, "text": plain(s)} }

// list is n times what item makes.
func list(n int, item func(i int) any) arr {
	out := make(arr, n)
	for i := range out {
		out[i] = item(i)
	}
	return out
}

// grid is a table's rows of the same text.
func grid(rows, columns int, text string) arr {
	return list(rows, func(int) any { return list(columns, func(int) any { return raw(text) }) })
}

func dataTable(rows arr) obj {
	return obj{"type": "data_table", "caption": "Meetings, biggest first", "rows": rows}
}

func table(rows arr) obj { return obj{"type": "table", "rows": rows} }

// with is o with one field set, or removed when value is nil.
func with(o obj, field string, value any) obj {
	out := obj{}
	for k, v := range o {
		out[k] = v
	}
	out[field] = value
	if value == nil {
		delete(out, field)
	}
	return out
}

func chart(c obj) obj {
	return obj{"type": "data_visualization", "title": "Minutes per day", "chart": c}
}

func pie(segments arr) obj { return chart(obj{"type": "pie", "segments": segments}) }

func slices(n int) arr {
	return list(n, func(i int) any { return obj{"label": fmt.Sprint("slice ", i), "value": 1} })
}

func points(n int) arr {
	return list(n, func(i int) any { return obj{"label": fmt.Sprint("day ", i), "value": i - 1} })
}

func bars(series, categories int) obj {
	return chart(obj{
		"type": "bar",
		"series": list(series, func(i int) any {
			return obj{"name": fmt.Sprint("app ", i), "data": points(categories)}
		}),
		"axis_config": obj{"categories": list(categories, func(i int) any { return fmt.Sprint("day ", i) })},
	})
}

func container(children ...any) obj {
	return obj{"type": "container", "title": plain("More"), "child_blocks": children}
}

// problems runs the check on blocks and returns what it found.
func problems(t *testing.T, text string, blocks any) []blockkit.Problem {
	t.Helper()
	data, ok := blocks.(string)
	if !ok {
		b, err := json.Marshal(blocks)
		if err != nil {
			t.Fatalf("marshal case: %v", err)
		}
		data = string(b)
	}
	return problemsOf(t, blockkit.ValidateJSON(text, []byte(data)))
}

func problemsOf(t *testing.T, err error) []blockkit.Problem {
	t.Helper()
	if err == nil {
		return nil
	}
	var invalid *blockkit.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("got error %v of type %T, want *blockkit.InvalidError", err, err)
	}
	return invalid.Problems
}

// check wants a problem at pointer that says want, and no other unless more
// follow from it; no problem at all when both are empty.
func check(t *testing.T, got []blockkit.Problem, pointer, want string, more bool) {
	t.Helper()
	if pointer == "" && want == "" {
		if len(got) != 0 {
			t.Errorf("got %q, want no problem", got)
		}
		return
	}
	if len(got) == 0 || more != (len(got) > 1) || got[0].Pointer != pointer || !strings.Contains(got[0].Message, want) {
		t.Errorf("got %q, want one at %q that says %q (more: %t)", got, pointer, want, more)
	}
}
