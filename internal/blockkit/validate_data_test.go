package blockkit_test

import (
	"encoding/json"
	"testing"
)

// Each limit of a table: one case at it, one past it.
func TestValidateJSONTables(t *testing.T) {
	t.Parallel()
	// row is a data_table with one more row, of one cell, below its header.
	row := func(cell any) obj { return dataTable(arr{arr{raw("a")}, arr{cell}}) }
	action := obj{"type": "action_cell", "element": button("Open")}
	cases := []struct {
		name          string
		block         obj
		pointer, want string
		more          bool // problems that follow from the first
	}{
		{"data_table without a caption", with(dataTable(grid(2, 1, "a")), "caption", nil), "/blocks/0/caption", "must be a string", false},
		{"data_table with an empty caption", with(dataTable(grid(2, 1, "a")), "caption", ""), "/blocks/0/caption", "not be empty", false},
		{"data_table without rows", with(dataTable(nil), "rows", nil), "/blocks/0/rows", "must be an array", false},
		{"data_table of 2 rows", dataTable(grid(2, 1, "a")), "", "", false},
		{"data_table of its header", dataTable(grid(1, 1, "a")), "/blocks/0/rows", "at least 2 items, has 1", false},
		{"data_table of 201 rows", dataTable(grid(201, 1, "a")), "", "", false},
		{"data_table of 202 rows", dataTable(grid(202, 1, "a")), "/blocks/0/rows", "at most 201 items, has 202", false},
		{"data_table of 20 columns", dataTable(grid(2, 20, "a")), "", "", false},
		{"data_table of 21 columns", dataTable(grid(2, 21, "a")), "/blocks/0/rows/0", "at most 20 items, has 21", true},
		{"data_table of 20,000 characters", dataTable(grid(2, 1, rep(10000))), "", "", false},
		{"data_table of 20,001 characters", dataTable(arr{arr{raw(rep(10000))}, arr{raw(rep(10001))}}), "/blocks/0/rows", "at most 20000 characters over all cells, has 20001", false},
		{"data_table characters of every kind of cell", dataTable(arr{
			arr{raw(rep(10000))}, arr{rich(rep(9990))}, arr{num(1)}, arr{obj{"type": "raw_number", "value": 12345}}, arr{action}, arr{raw("a")},
		}), "/blocks/0/rows", "has 20001", false},
		{"data_table with page_size 1", with(dataTable(grid(2, 1, "a")), "page_size", 1), "", "", false},
		{"data_table with page_size 100", with(dataTable(grid(2, 1, "a")), "page_size", 100), "", "", false},
		{"data_table with page_size 0", with(dataTable(grid(2, 1, "a")), "page_size", 0), "/blocks/0/page_size", "must be 1 to 100, is 0", false},
		{"data_table with page_size 101", with(dataTable(grid(2, 1, "a")), "page_size", 101), "/blocks/0/page_size", "must be 1 to 100, is 101", false},
		{"data_table with page_size 1.5", with(dataTable(grid(2, 1, "a")), "page_size", 1.5), "/blocks/0/page_size", "whole number", false},
		{"data_table with page_size a text", with(dataTable(grid(2, 1, "a")), "page_size", "5"), "/blocks/0/page_size", "whole number, is a string", false},
		{"data_table with a row header", with(dataTable(grid(2, 1, "a")), "row_header_column_index", 0), "", "", false},
		{"data_table with a row header out of range", with(dataTable(grid(2, 1, "a")), "row_header_column_index", 20), "/blocks/0/row_header_column_index", "must be 0 to 19", false},
		{"data_table with a number in the header", dataTable(arr{arr{num(1)}, arr{raw("a")}}), "/blocks/0/rows/0/0/type", "must be raw_text in the header", false},
		{"data_table with rich text in the header", dataTable(arr{arr{rich("a")}, arr{raw("a")}}), "/blocks/0/rows/0/0/type", "must be raw_text in the header", false},
		{"data_table with every kind of cell", dataTable(arr{arr{raw("a")}, arr{num(1.5)}, arr{rich("a")}, arr{action}}), "", "", false},
		{"data_table with an empty header", dataTable(arr{arr{}, arr{raw("a")}}), "/blocks/0/rows/0", "at least 1 items", true},
		{"data_table with an empty row", dataTable(arr{arr{raw("a")}, arr{}}), "/blocks/0/rows/1", "at least 1 items", true},
		{"data_table row a string", dataTable(arr{arr{raw("a")}, "a"}), "/blocks/0/rows/1", "must be an array", false},
		{"cell empty", row(raw("")), "/blocks/0/rows/1/0/text", "not be empty", false},
		{"cell blank", row(raw(" ")), "/blocks/0/rows/1/0/text", "not be empty", false},
		{"cell null", row(nil), "/blocks/0/rows/1/0", "must be an object", false},
		{"cell of an unknown type", row(obj{"type": "raw_date", "text": "a"}), "/blocks/0/rows/1/0/type", `unknown data_table cell type "raw_date"`, false},
		{"number without a value", row(obj{"type": "raw_number", "text": "1"}), "/blocks/0/rows/1/0/value", "finite number", false},
		{"number as a text", row(num("1")), "/blocks/0/rows/1/0/value", "finite number, is a string", false},
		{"number too large", row(num(json.Number("1e400"))), "/blocks/0/rows/1/0/value", "out of range", false},
		{"number without a text", row(obj{"type": "raw_number", "value": 1}), "", "", false},
		{"number with an empty text", row(obj{"type": "raw_number", "value": 1, "text": ""}), "/blocks/0/rows/1/0/text", "not be empty", false},
		{"rich text empty", row(obj{"type": "rich_text", "elements": arr{obj{"type": "rich_text_section", "elements": arr{}}}}), "/blocks/0/rows/1/0", "not be empty", false},
		{"rich text of a mention", row(obj{"type": "rich_text", "elements": arr{obj{"type": "rich_text_section", "elements": arr{obj{"type": "user", "user_id": "U1"}}}}}), "", "", false},
		{"action with a text to fall back on", row(with(action, "fallback", raw("a"))), "", "", false},
		{"action with nothing to fall back on", row(with(action, "fallback", raw(""))), "/blocks/0/rows/1/0/fallback/text", "not be empty", false},
		{"action with an action to fall back on", row(with(action, "fallback", action)), "/blocks/0/rows/1/0/fallback/type", "raw_text or raw_number", false},
		{"action without an element", row(with(action, "element", nil)), "/blocks/0/rows/1/0/element", "must be an object", false},

		{"table of 100 rows", table(grid(100, 1, "a")), "", "", false},
		{"table of 101 rows", table(grid(101, 1, "a")), "/blocks/0/rows", "at most 100 items, has 101", false},
		{"table of nothing", table(arr{}), "/blocks/0/rows", "at least 1 items", false},
		{"table of 20 columns", table(grid(1, 20, "a")), "", "", false},
		{"table of 21 columns", table(grid(1, 21, "a")), "/blocks/0/rows/0", "at most 20 items, has 21", false},
		{"table of 10,000 characters", table(grid(2, 1, rep(5000))), "", "", false},
		{"table of 10,001 characters", table(arr{arr{raw(rep(5000))}, arr{rich(rep(5001))}}), "/blocks/0/rows", "at most 10000 characters over all cells, has 10001", false},
		{"table with a number", table(arr{arr{num(1)}}), "/blocks/0/rows/0/0/type", "raw_text or rich_text", false},
		{"table with an empty cell", table(arr{arr{raw("")}}), "/blocks/0/rows/0/0/text", "not be empty", false},
		{"table with columns", with(table(grid(1, 2, "a")), "column_settings", arr{nil, obj{"align": "right", "is_wrapped": true}}), "", "", false},
		{"table with 21 columns settled", with(table(grid(1, 2, "a")), "column_settings", list(21, func(int) any { return obj{} })), "/blocks/0/column_settings", "at most 20 items", false},
		{"table with a column aligned nowhere", with(table(grid(1, 2, "a")), "column_settings", arr{obj{"align": "top"}}), "/blocks/0/column_settings/0/align", "left, center or right", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			check(t, problems(t, "a", arr{c.block}), c.pointer, c.want, c.more)
		})
	}
}

// Each limit of a chart: one case at it, one past it.
func TestValidateJSONCharts(t *testing.T) {
	t.Parallel()
	slice := func(label string, value any) obj { return pie(arr{obj{"label": label, "value": value}}) }
	series := func(categories arr, names []string, data arr) obj {
		return chart(obj{
			"type": "line", "axis_config": obj{"categories": categories},
			"series": list(len(names), func(i int) any { return obj{"name": names[i], "data": data} }),
		})
	}
	axis := func(field string, value any) obj {
		c := bars(1, 1)["chart"].(obj)
		return chart(with(c, "axis_config", with(c["axis_config"].(obj), field, value)))
	}
	point := func(label string) obj { return obj{"label": label, "value": -1} }
	cases := []struct {
		name          string
		block         obj
		pointer, want string
		more          bool // problems that follow from the first
	}{
		{"title at the limit", with(pie(slices(1)), "title", rep(50)), "", "", false},
		{"title past the limit", with(pie(slices(1)), "title", rep(51)), "/blocks/0/title", "at most 50 characters, has 51", false},
		{"title missing", with(pie(slices(1)), "title", nil), "/blocks/0/title", "must be a string", false},
		{"chart missing", with(pie(slices(1)), "chart", nil), "/blocks/0/chart", "must be an object", false},
		{"chart of an unknown type", chart(obj{"type": "radar"}), "/blocks/0/chart/type", "pie, bar, line or area", false},
		{"12 slices", pie(slices(12)), "", "", false},
		{"13 slices", pie(slices(13)), "/blocks/0/chart/segments", "at most 12 items, has 13", false},
		{"no slice", pie(slices(0)), "/blocks/0/chart/segments", "at least 1 items", false},
		{"slice label at the limit", slice(rep(20), 1), "", "", false},
		{"slice label past the limit", slice(rep(21), 1), "/blocks/0/chart/segments/0/label", "at most 20 characters, has 21", false},
		{"slice labels alike", pie(arr{obj{"label": "a", "value": 1}, obj{"label": "a", "value": 1}}), "/blocks/0/chart/segments/1/label", "unique", false},
		{"slice small", slice("a", 0.001), "", "", false},
		{"slice of nothing", slice("a", 0), "/blocks/0/chart/segments/0/value", "greater than 0, is 0", false},
		{"slice negative", slice("a", -1), "/blocks/0/chart/segments/0/value", "greater than 0", false},
		{"slice a text", slice("a", "1"), "/blocks/0/chart/segments/0/value", "finite number", false},
		{"12 series", bars(12, 1), "", "", false},
		{"13 series", bars(13, 1), "/blocks/0/chart/series", "at most 12 items, has 13", false},
		{"no series", bars(0, 1), "/blocks/0/chart/series", "at least 1 items", false},
		{"20 points", bars(1, 20), "", "", false},
		{"21 categories", series(list(21, func(i int) any { return string(rune('a' + i)) }), nil, nil), "/blocks/0/chart/axis_config/categories", "at most 20 items, has 21", true},
		{"21 points", series(list(20, func(i int) any { return string(rune('a' + i)) }), []string{"s"}, list(21, func(i int) any { return point(string(rune('a' + i%20))) })), "/blocks/0/chart/series/0/data", "at most 20 items, has 21", true},
		{"line", series(arr{"a", "b"}, []string{"s"}, arr{point("b"), point("a")}), "", "", false},
		{"area", chart(with(bars(1, 2)["chart"].(obj), "type", "area")), "", "", false},
		{"point missing", series(arr{"a", "b"}, []string{"s"}, arr{point("a")}), "/blocks/0/chart/series/0/data", "a point for every category, 2, has 1", false},
		{"point of no category", series(arr{"a"}, []string{"s"}, arr{point("b")}), "/blocks/0/chart/series/0/data/0/label", "one of the categories", false},
		{"point twice", series(arr{"a"}, []string{"s"}, arr{point("a"), point("a")}), "/blocks/0/chart/series/0/data/1/label", "unique", false},
		{"point without a value", series(arr{"a"}, []string{"s"}, arr{obj{"label": "a"}}), "/blocks/0/chart/series/0/data/0/value", "finite number", false},
		{"category at the limit", series(arr{rep(20)}, []string{"s"}, arr{point(rep(20))}), "", "", false},
		{"category past the limit", series(arr{rep(21)}, []string{"s"}, arr{point(rep(21))}), "/blocks/0/chart/axis_config/categories/0", "at most 20 characters, has 21", true},
		{"category twice", series(arr{"a", "a"}, []string{"s"}, arr{point("a")}), "/blocks/0/chart/axis_config/categories/1", "unique", false},
		{"series name at the limit", series(arr{"a"}, []string{rep(20)}, arr{point("a")}), "", "", false},
		{"series name past the limit", series(arr{"a"}, []string{rep(21)}, arr{point("a")}), "/blocks/0/chart/series/0/name", "at most 20 characters", false},
		{"series name twice", series(arr{"a"}, []string{"s", "s"}, arr{point("a")}), "/blocks/0/chart/series/1/name", "unique", false},
		{"axis missing", chart(with(bars(1, 1)["chart"].(obj), "axis_config", nil)), "/blocks/0/chart/axis_config", "must be an object", true},
		{"axis labels at the limit", axis("x_label", rep(50)), "", "", false},
		{"axis label past the limit", axis("x_label", rep(51)), "/blocks/0/chart/axis_config/x_label", "at most 50 characters", false},
		{"other axis label past the limit", axis("y_label", rep(51)), "/blocks/0/chart/axis_config/y_label", "at most 50 characters", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			check(t, problems(t, "a", arr{c.block}), c.pointer, c.want, c.more)
		})
	}
}
