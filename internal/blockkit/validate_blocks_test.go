package blockkit_test

import "testing"

// Each limit of a text block: one case at it, one past it.
func TestValidateJSONTextBlocks(t *testing.T) {
	t.Parallel()
	fields := func(n int, text string) obj {
		return obj{"type": "section", "fields": list(n, func(int) any { return mrkdwn(text) })}
	}
	context := func(elements ...any) obj { return obj{"type": "context", "elements": elements} }
	actions := func(elements ...any) obj { return obj{"type": "actions", "elements": elements} }
	image := obj{"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}
	cases := []struct {
		name          string
		blocks        arr
		pointer, want string
	}{
		{"header at the limit", arr{header(rep(150))}, "", ""},
		{"header past the limit", arr{header(rep(151))}, "/blocks/0/text/text", "at most 150 characters, has 151"},
		{"header in mrkdwn", arr{with(header("a"), "text", mrkdwn("a"))}, "/blocks/0/text/type", "must be plain_text"},
		{"header without text", arr{obj{"type": "header"}}, "/blocks/0/text", "missing or null"},
		{"text object of an unknown type", arr{with(header("a"), "text", obj{"type": "html", "text": "a"})}, "/blocks/0/text/type", "plain_text or mrkdwn"},
		{"text object empty", arr{section("")}, "/blocks/0/text/text", "not be empty"},
		{"text object blank", arr{section(" ")}, "/blocks/0/text/text", "not be empty"},
		{"text a number", arr{with(section("a"), "text", obj{"type": "mrkdwn", "text": 7})}, "/blocks/0/text/text", "must be a string, is a number"},
		{"text object with emoji and verbatim in place", arr{with(section("a"), "text", with(mrkdwn("a"), "verbatim", true)), with(section("a"), "text", with(plain("a"), "emoji", false))}, "", ""},
		{"emoji in mrkdwn", arr{with(section("a"), "text", with(mrkdwn("a"), "emoji", true))}, "/blocks/0/text/emoji", "plain_text only"},
		{"verbatim in plain_text", arr{with(section("a"), "text", with(plain("a"), "verbatim", true))}, "/blocks/0/text/verbatim", "mrkdwn only"},
		{"section at the limit", arr{section(rep(3000))}, "", ""},
		{"section past the limit", arr{section(rep(3001))}, "/blocks/0/text/text", "at most 3000 characters, has 3001"},
		{"section of nothing", arr{obj{"type": "section"}}, "/blocks/0", "text or fields"},
		{"10 fields", arr{fields(10, "a")}, "", ""},
		{"11 fields", arr{fields(11, "a")}, "/blocks/0/fields", "at most 10 items, has 11"},
		{"no field", arr{fields(0, "a")}, "/blocks/0/fields", "at least 1 items, has 0"},
		{"field at the limit", arr{fields(1, rep(2000))}, "", ""},
		{"field past the limit", arr{fields(1, rep(2001))}, "/blocks/0/fields/0/text", "at most 2000 characters, has 2001"},
		{"section with a button", arr{with(section("a"), "accessory", button("Open"))}, "", ""},
		{"section beside which nothing is", arr{with(section("a"), "accessory", obj{})}, "/blocks/0/accessory/type", "element type"},
		{"10 elements of a context", arr{obj{"type": "context", "elements": list(10, func(int) any { return plain("a") })}}, "", ""},
		{"11 elements of a context", arr{obj{"type": "context", "elements": list(11, func(int) any { return plain("a") })}}, "/blocks/0/elements", "at most 10 items, has 11"},
		{"empty context", arr{context()}, "/blocks/0/elements", "must be an array"},
		{"context with an image", arr{context(mrkdwn("a"), image)}, "", ""},
		{"context with an image without words", arr{context(with(image, "alt_text", nil))}, "/blocks/0/elements/0/alt_text", "must be a string"},
		{"context with a long text", arr{context(plain(rep(3001)))}, "/blocks/0/elements/0/text", "at most 3000 characters"},
		{"context with a button", arr{context(obj{"type": "button", "text": "a"})}, "/blocks/0/elements/0/type", "plain_text or mrkdwn"},
		{"25 actions", arr{obj{"type": "actions", "elements": list(25, func(int) any { return button("Show") })}}, "", ""},
		{"26 actions", arr{obj{"type": "actions", "elements": list(26, func(int) any { return button("Show") })}}, "/blocks/0/elements", "at most 25 items, has 26"},
		{"button at its limits", arr{actions(obj{"type": "button", "text": plain(rep(75)), "action_id": rep(255), "value": rep(2000), "url": rep(3000)})}, "", ""},
		{"button text past the limit", arr{actions(with(button("a"), "text", plain(rep(76))))}, "/blocks/0/elements/0/text/text", "at most 75 characters"},
		{"button value past the limit", arr{actions(with(button("a"), "value", rep(2001)))}, "/blocks/0/elements/0/value", "at most 2000 characters"},
		{"button url past the limit", arr{actions(with(button("a"), "url", rep(3001)))}, "/blocks/0/elements/0/url", "at most 3000 characters"},
		{"action_id past the limit", arr{actions(with(button("a"), "action_id", rep(256)))}, "/blocks/0/elements/0/action_id", "at most 255 characters"},
		{"markdown at the limit", arr{markdown(rep(12000))}, "", ""},
		{"markdown past the limit", arr{markdown(rep(12001))}, "/blocks/0/text", "at most 12000 characters, has 12001"},
		{"markdown at the limit in all", arr{markdown(rep(6000)), markdown(rep(6000))}, "", ""},
		{"markdown past the limit in all", arr{markdown(rep(6000)), markdown(rep(6001))}, "/blocks/1/text", "at most 12000 characters over all markdown blocks, has 12001"},
		{"image", arr{with(image, "title", plain("a"))}, "", ""},
		{"image at its limits", arr{obj{"type": "image", "image_url": rep(3000), "alt_text": rep(2000), "title": plain(rep(2000))}}, "", ""},
		{"image of a file", arr{with(with(image, "image_url", nil), "slack_file", obj{"id": "F012"})}, "", ""},
		{"image of nothing", arr{with(image, "image_url", nil)}, "/blocks/0", "image_url or slack_file"},
		{"image url past the limit", arr{with(image, "image_url", rep(3001))}, "/blocks/0/image_url", "at most 3000 characters"},
		{"image words past the limit", arr{with(image, "alt_text", rep(2001))}, "/blocks/0/alt_text", "at most 2000 characters"},
		{"image of a file that is none", arr{with(with(image, "image_url", nil), "slack_file", "F012")}, "/blocks/0/slack_file", "must be an object"},
		{"image title in mrkdwn", arr{with(image, "title", mrkdwn("a"))}, "/blocks/0/title/type", "must be plain_text"},
		{"section with an image without words", arr{with(section("a"), "accessory", with(image, "alt_text", nil))}, "/blocks/0/accessory/alt_text", "must be a string"},
		{"rich text", arr{rich("a")}, "", ""},
		{"rich text list", arr{obj{"type": "rich_text", "elements": arr{obj{"type": "rich_text_list", "style": "bullet", "elements": rich("a")["elements"]}}}}, "", ""},
		{"rich text of nothing", arr{obj{"type": "rich_text", "elements": arr{}}}, "/blocks/0/elements", "at least 1 items"},
		{"rich text of an unknown part", arr{obj{"type": "rich_text", "elements": arr{obj{"type": "section"}}}}, "/blocks/0/elements/0/type", `unknown rich_text element "section"`},
		{"rich text with an empty span", arr{rich("")}, "/blocks/0/elements/0/elements/0/text", "not empty"},
		{"rich text leaf without a type", arr{obj{"type": "rich_text", "elements": arr{obj{"type": "rich_text_quote", "elements": arr{obj{}}}}}}, "/blocks/0/elements/0/elements/0/type", "element type"},
		{"container", arr{container(section("a"))}, "", ""},
		{"container with rich text above", arr{with(with(container(section("a")), "title", nil), "rich_text_title", rich("a"))}, "", ""},
		{"container with an empty subtitle", arr{with(container(section("a")), "subtitle", mrkdwn(""))}, "/blocks/0/subtitle/text", "not be empty"},
		{"container without a title", arr{with(container(section("a")), "title", nil)}, "/blocks/0", "title or rich_text_title"},
		{"container title past the limit", arr{with(container(section("a")), "title", plain(rep(151)))}, "/blocks/0/title/text", "at most 150 characters"},
		{"container of 10", arr{container(list(10, divider)...)}, "", ""},
		{"container of 11", arr{container(list(11, divider)...)}, "/blocks/0/child_blocks", "at most 10 items, has 11"},
		{"container with a data table", arr{container(dataTable(grid(2, 1, "a")))}, "/blocks/0/child_blocks/0/type", "must not hold a data_table"},
		{"container with a chart", arr{container(bars(1, 1))}, "/blocks/0/child_blocks/0/type", "must not hold a data_visualization"},
		{"container with a container", arr{container(container(section("a")))}, "/blocks/0/child_blocks/0/type", "must not hold a container"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			check(t, problems(t, "a", c.blocks), c.pointer, c.want, false)
		})
	}
}
