package config

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// declaration is what the tags of one field of Config say.
type declaration struct {
	key, fallback, help string
	choices             []string
	least, most         string
	// lines allows a text of several, such as a key in PEM.
	lines bool
	index []int
	kind  reflect.Type
}

// declarations lists the settings in the order of the struct, which is the order of the example and the listing.
func declarations() []declaration {
	return collect(reflect.TypeFor[Config](), "", nil)
}

func collect(section reflect.Type, prefix string, index []int) []declaration {
	var found []declaration
	for field := range section.Fields() {
		key := prefix + field.Tag.Get("key")
		at := append(slices.Clone(index), field.Index...)
		if _, isSetting := field.Tag.Lookup("help"); !isSetting {
			found = append(found, collect(field.Type, key+".", at)...)
			continue
		}
		one := declaration{
			key: key, fallback: field.Tag.Get("default"), help: field.Tag.Get("help"),
			least: field.Tag.Get("min"), most: field.Tag.Get("max"), lines: field.Tag.Get("lines") != "", index: at, kind: field.Type,
		}
		if choices := field.Tag.Get("choices"); choices != "" {
			one.choices = strings.Split(choices, ",")
		}
		found = append(found, one)
	}
	return found
}

func (d declaration) isSecret() bool { return d.kind == reflect.TypeFor[Secret]() }
func (d declaration) isList() bool   { return d.kind.Kind() == reflect.Slice }

// variable is the name of the setting in the environment.
func (d declaration) variable() string {
	return prefix + strings.ToUpper(strings.ReplaceAll(d.key, ".", "__"))
}

// set parses texts into the field of c. One text is the value; a list takes any number.
func (d declaration) set(c *Config, texts []string) error {
	target := reflect.ValueOf(c).Elem().FieldByIndex(d.index)
	if !d.isList() {
		return d.parse(target, texts[0])
	}
	list := reflect.MakeSlice(d.kind, len(texts), len(texts))
	for i, text := range texts {
		if err := d.parse(list.Index(i), strings.TrimSpace(text)); err != nil {
			return err
		}
	}
	target.Set(list)
	return nil
}

func (d declaration) parse(target reflect.Value, text string) error {
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && (r != '\n' || !d.lines) }) {
		return errors.New("has a control character or a line break")
	}
	if d.choices != nil && !slices.Contains(d.choices, text) {
		return fmt.Errorf("is %q; use %s", text, either(d.choices))
	}
	value := target.Addr().Interface()
	switch value := value.(type) {
	case *string:
		*value = text
		return nil
	case *int:
		number, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("is %q, which is not a whole number", text)
		}
		*value = number
	case *time.Duration:
		duration, err := parseDuration(text)
		if err != nil {
			return err
		}
		*value = duration
	case encoding.TextUnmarshaler:
		if err := value.UnmarshalText([]byte(text)); err != nil {
			return err
		}
	default:
		return fmt.Errorf("has a type that config can't read: %s", d.kind)
	}
	return d.checkRange(target, text)
}

// checkRange compares whole numbers, sizes and durations, which are all integers underneath, with the bounds of the tags.
func (d declaration) checkRange(target reflect.Value, text string) error {
	if d.least == "" {
		return nil
	}
	bound := func(text string) int64 {
		limit := declaration{key: d.key, kind: d.kind}
		value := reflect.New(d.kind).Elem()
		if err := limit.parse(value, text); err != nil {
			panic(fmt.Sprintf("the bound %q of %s: %v", text, d.key, err))
		}
		return value.Int()
	}
	if number := target.Int(); number < bound(d.least) || number > bound(d.most) {
		return fmt.Errorf("is %s; it has to be from %s to %s", text, d.least, d.most)
	}
	return nil
}

// texts is the value of the field in c, in the form that set reads; a secret comes masked.
func (d declaration) texts(c Config) []string {
	value := reflect.ValueOf(c).FieldByIndex(d.index)
	if !d.isList() {
		return []string{formatValue(value.Interface())}
	}
	texts := make([]string, value.Len())
	for i := range texts {
		texts[i] = formatValue(value.Index(i).Interface())
	}
	return texts
}

func formatValue(value any) string {
	switch value := value.(type) {
	case time.Duration:
		return formatDuration(value)
	case encoding.TextMarshaler:
		if text, err := value.MarshalText(); err == nil {
			return string(text)
		}
	}
	return fmt.Sprint(value)
}

func either(choices []string) string {
	last := len(choices) - 1
	return strings.Join(choices[:last], ", ") + " or " + choices[last]
}
