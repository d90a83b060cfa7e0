package config

import (
	"strconv"
	"strings"
)

// Example is the text of config.example.yaml: every setting with its help and default. Reading it changes nothing.
func Example() string {
	var out strings.Builder
	out.WriteString("# Every setting with its default. Copy to config.yaml and keep what differs.\n" +
		"# The environment wins over this file (ZYGO_SERVER__LISTEN; ZYGO_MAIL__PASSWORD_FILE reads a file), flags win over both.\n")
	defaults := Defaults()
	section := ""
	for _, setting := range declarations() {
		parent, name, nested := strings.Cut(setting.key, ".")
		indent := "  "
		if !nested {
			parent, name, indent = "", setting.key, ""
		}
		if parent != section {
			out.WriteString("\n" + parent + ":\n")
			section = parent
		} else if parent == "" {
			out.WriteString("\n")
		}
		value := "[" + strings.Join(setting.texts(defaults), ", ") + "]"
		if !setting.isList() {
			value = quote(setting.texts(defaults)[0])
		}
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
