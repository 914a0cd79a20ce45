package config

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Decode reads a JSON document into the struct that into points to. What the
// document does not name keeps its value, so that into holds the defaults. A
// member that into does not have, or that has another form, is a problem; the
// error names all of them, each with its place: "routes[0].prefix: want text,
// saw 12". When there is an error, into has not been touched.
func Decode(document []byte, into any) error {
	if line, err := syntax(document); err != nil {
		return fmt.Errorf("line %d: want JSON: %w", line, err)
	}
	numbers := json.NewDecoder(bytes.NewReader(document))
	numbers.UseNumber()
	var tree any
	if err := numbers.Decode(&tree); err != nil {
		return fmt.Errorf("want JSON: %w", err)
	}
	if err := errors.Join(compare("", tree, reflect.TypeOf(into).Elem())...); err != nil {
		return err
	}
	return json.Unmarshal(document, into)
}

// syntax returns what keeps a document from being JSON, and the line.
func syntax(document []byte) (line int, err error) {
	var whole json.RawMessage
	err = json.Unmarshal(document, &whole)
	at := int64(0)
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		at = min(e.Offset, int64(len(document)))
	}
	return 1 + bytes.Count(document[:at], []byte("\n")), err
}

// compare returns everything in which a value differs from what a type takes.
func compare(place string, value any, t reflect.Type) []error {
	for t.Kind() == reflect.Pointer {
		if value == nil {
			return nil
		}
		t = t.Elem()
	}
	wrong := func(want string) []error {
		return []error{fmt.Errorf("%s: want %s, saw %s", at(place), want, shown(value))}
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		text, ok := value.(string)
		if !ok {
			return wrong("text")
		}
		if err := reflect.New(t).Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text)); err != nil {
			return []error{fmt.Errorf("%s: %w", at(place), err)}
		}
		return nil
	}
	switch t.Kind() {
	case reflect.Struct:
		return compareStruct(place, value, t, wrong)
	case reflect.Slice:
		list, ok := value.([]any)
		if !ok && value != nil {
			return wrong("a list")
		}
		var problems []error
		for i, element := range list {
			problems = append(problems, compare(fmt.Sprintf("%s[%d]", place, i), element, t.Elem())...)
		}
		return problems
	case reflect.Map:
		members, ok := value.(map[string]any)
		if !ok && value != nil {
			return wrong("an object")
		}
		var problems []error
		for _, name := range slices.Sorted(maps.Keys(members)) {
			problems = append(problems, compare(place+"."+name, members[name], t.Elem())...)
		}
		return problems
	}
	text, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(text, reflect.New(t).Interface())
	}
	if err != nil || value == nil {
		return wrong(form(t))
	}
	return nil
}

func compareStruct(place string, value any, t reflect.Type, wrong func(string) []error) []error {
	members, ok := value.(map[string]any)
	if !ok {
		return wrong("an object")
	}
	known := map[string]reflect.Type{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		known[name] = t.Field(i).Type
	}
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(members)) {
		field, ok := known[name]
		inside := strings.TrimPrefix(place+"."+name, ".")
		if !ok {
			problems = append(problems, fmt.Errorf("%s: unknown, want one of %s", inside, strings.Join(slices.Sorted(maps.Keys(known)), ", ")))
			continue
		}
		problems = append(problems, compare(inside, members[name], field)...)
	}
	return problems
}

// at names a place; the whole document has none.
func at(place string) string {
	if place == "" {
		return "the document"
	}
	return place
}

// shown is a value for people, cut short.
func shown(value any) string {
	const longest = 60
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprintf("%T", value)
	}
	return string(text[:min(len(text), longest)])
}

// form says what a simple type takes.
func form(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number from 0"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "a whole number"
	}
	return "a number"
}
