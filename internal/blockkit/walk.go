package blockkit

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// node is a JSON value together with where it stands.
type node struct {
	value   any
	pointer string
}

// object is a JSON object together with where it stands.
type object struct {
	fields  map[string]any
	pointer string
}

// at is the pointer of a field, whether or not it is there.
func (o object) at(field string) string { return o.pointer + "/" + field }

func (o object) get(field string) node { return node{o.fields[field], o.at(field)} }

func (o object) has(field string) bool { _, ok := o.fields[field]; return ok }

// text is a string field, empty when it is absent or not a string.
func (o object) text(field string) string {
	s, _ := o.fields[field].(string)
	return s
}

// known refuses fields that the object does not have. Slack does so too
// ("invalid additional property"), so a misspelt field is not ignored.
func (v *validator) known(o object, names ...string) {
	for _, name := range slices.Sorted(maps.Keys(o.fields)) {
		if !slices.Contains(names, name) {
			v.add(o.pointer, "invalid additional property %.40q", name)
		}
	}
}

// object reads n as an object and says so when it is none.
func (v *validator) object(n node) (object, bool) {
	fields, ok := n.value.(map[string]any)
	if !ok {
		v.add(n.pointer, "must be an object, is %s", kindOf(n.value))
	}
	return object{fields, n.pointer}, ok
}

// array reads n as an array of between least and most values. An array of the
// wrong length is returned all the same, so that what is in it is checked too.
func (v *validator) array(n node, least, most int) []node {
	list, ok := n.value.([]any)
	if !ok {
		v.add(n.pointer, "must be an array, is %s", kindOf(n.value))
		return nil
	}
	switch {
	case len(list) < least:
		v.add(n.pointer, "must have at least %d items, has %d", least, len(list))
	case len(list) > most:
		v.add(n.pointer, "must have at most %d items, has %d", most, len(list))
	}
	nodes := make([]node, len(list))
	for i, value := range list {
		nodes[i] = node{value, fmt.Sprintf("%s/%d", n.pointer, i)}
	}
	return nodes
}

// needText reads n as a string that is not empty and not longer than most,
// and returns its length. Only white space counts as empty.
func (v *validator) needText(n node, most int) int {
	s, ok := n.value.(string)
	if !ok {
		v.add(n.pointer, "must be a string, is %s", kindOf(n.value))
		return 0
	}
	length := Length(s)
	switch {
	case strings.TrimSpace(s) == "":
		v.add(n.pointer, "must not be empty")
	case length > most:
		v.add(n.pointer, "must have at most %d characters, has %d", most, length)
	}
	return length
}

// mayText is needText for a field that may be left out.
func (v *validator) mayText(o object, field string, most int) int {
	if !o.has(field) {
		return 0
	}
	return v.needText(o.get(field), most)
}

// number reads n as a finite number.
func (v *validator) number(n node) (float64, bool) {
	literal, ok := n.value.(json.Number)
	if !ok {
		v.add(n.pointer, "must be a finite number, is %s", kindOf(n.value))
		return 0, false
	}
	f, err := literal.Float64()
	if err != nil {
		v.add(n.pointer, "must be a finite number, is out of range")
		return 0, false
	}
	return f, true
}

// mayInteger checks a whole number between least and most, which may be absent.
func (v *validator) mayInteger(o object, field string, least, most int64) {
	if !o.has(field) {
		return
	}
	literal, ok := o.fields[field].(json.Number)
	if !ok {
		v.add(o.at(field), "must be a whole number, is %s", kindOf(o.fields[field]))
		return
	}
	i, err := literal.Int64()
	if err != nil {
		v.add(o.at(field), "must be a whole number from %d to %d", least, most)
		return
	}
	if i < least || i > most {
		v.add(o.at(field), "must be %d to %d, is %d", least, most, i)
	}
}

// kindOf names a JSON value's type for people.
func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "missing or null"
	case map[string]any:
		return "an object"
	case []any:
		return "an array"
	case string:
		return "a string"
	case bool:
		return "a boolean"
	default:
		return "a number"
	}
}

// literalLength is the length of a number as it is written.
func literalLength(value any) int {
	literal, _ := value.(json.Number)
	return len(literal)
}
