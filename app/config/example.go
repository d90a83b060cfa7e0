package config

import (
	"slices"
	"strconv"
	"strings"
)

// Example is the text of config.example.yaml: every setting with its help and default. Reading it changes nothing.
func Example() string {
	var out strings.Builder
	out.WriteString("# Every setting with its default. Copy to config.yaml and keep what differs.\n" +
		"# The environment wins over this file (ZYGO_SERVER__LISTEN; ZYGO_MAIL__PASSWORD_FILE reads a file), flags win over both.\n")
	defaults := Defaults()
	var section []string
	for _, setting := range declarations() {
		path := strings.Split(setting.key, ".")
		parents, name := path[:len(path)-1], path[len(path)-1]
		if len(parents) == 0 || !slices.Equal(parents[:1], section[:min(1, len(section))]) {
			out.WriteString("\n")
		}
		for depth := range parents {
			if depth >= len(section) || !slices.Equal(parents[:depth+1], section[:depth+1]) {
				out.WriteString(strings.Repeat("  ", depth) + parents[depth] + ":\n")
			}
		}
		section = parents
		value := "[" + strings.Join(setting.texts(defaults), ", ") + "]"
		if !setting.isList() {
			value = quote(setting.texts(defaults)[0])
		}
		indent := strings.Repeat("  ", len(parents))
		out.WriteString(indent + "# " + setting.help + "\n" + indent + name + ": " + value + "\n")
	}
	return out.String()
}

// quote leaves plain what YAML reads as it stands.
func quote(text string) string {
	if text == "" || strings.ContainsAny(text, "#[]{}\"'&*!|>%@`") || strings.Contains(text, ": ") {
		return strconv.Quote(text)
	}
	return text
}
