package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

const (
	fileSize = 1 << 20
	// keySize keeps an absurd key out of the error line and out of the search for a nearer one.
	keySize = 100
)

// readFile gives the values of a config.yaml. It works on the parsed tree and never decodes into Go values, so that an
// alias is seen and refused before anything could expand it, and each mistake still knows its line.
func readFile(path string, known []declaration) ([]given, error) {
	if path == "" {
		return nil, nil
	}
	content, err := readSmall(path, fileSize)
	if err != nil {
		return nil, invalid(path, "%v", err)
	}
	if line, err := checkText(content); err != nil {
		return nil, invalid(at(path, line), "%v", err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	var document yaml.Node
	if err := decoder.Decode(&document); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		return nil, syntaxError(path, err)
	}
	var second yaml.Node
	if err := decoder.Decode(&second); err == nil {
		return nil, invalid(at(path, second.Line), "has a second document; remove the line with ---")
	} else if !errors.Is(err, io.EOF) {
		return nil, syntaxError(path, err)
	}
	tree := tree{path: path, known: known}
	return tree.section(document.Content[0], "")
}

// readSmall refuses what is not a plain file before opening it: a pipe would block the start.
func readSmall(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, readable(err)
	}
	if info.IsDir() {
		return nil, errors.New("is a directory, not a file")
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("is not a plain file")
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, readable(err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, readable(err)
	}
	if int64(len(content)) > limit {
		return nil, fmt.Errorf("is larger than %d KiB", limit>>10)
	}
	return content, nil
}

func readable(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("does not exist")
	case errors.Is(err, fs.ErrPermission):
		return errors.New("can't be read by this user; check its owner and mode")
	case errors.Is(err, syscall.ELOOP):
		return errors.New("is a symbolic link that leads back to itself")
	}
	return err
}

// checkText refuses bytes that YAML would either accept silently or complain about in words that don't help.
func checkText(content []byte) (line int, err error) {
	if bytes.HasPrefix(content, []byte("\xef\xbb\xbf")) {
		return 1, errors.New("begins with a byte order mark; save the file as UTF-8 without it")
	}
	line = 1
	for text := range bytes.Lines(content) {
		body := bytes.TrimSuffix(text, []byte("\n"))
		indent := body[:len(body)-len(bytes.TrimLeft(body, " \t"))]
		switch {
		case !utf8.Valid(body) || bytes.ContainsFunc(body, func(r rune) bool { return r < ' ' && r != '\t' && r != '\r' }):
			return line, errors.New("has bytes that are not UTF-8 text")
		case bytes.IndexByte(body, '\r') >= 0:
			return line, errors.New("ends in CR LF; save the file with LF line ends")
		case bytes.IndexByte(indent, '\t') >= 0:
			return line, errors.New("is indented with a tab; YAML wants spaces")
		}
		line++
	}
	return 0, nil
}

// syntaxError moves the line number, which the YAML library has only inside its text, to where the others have it.
func syntaxError(path string, err error) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, found := strings.CutPrefix(text, "line "); found {
		number, message, _ := strings.Cut(rest, ": ")
		if line, err := strconv.Atoi(number); err == nil {
			return invalid(at(path, line), "is not valid YAML: %s", message)
		}
	}
	return invalid(path, "is not valid YAML: %s", text)
}

// tree walks the nodes of one file.
type tree struct {
	path  string
	known []declaration
}

func (t tree) section(node *yaml.Node, parent string) ([]given, error) {
	if isNull(node) {
		return nil, nil
	}
	if node.Kind != yaml.MappingNode || node.Anchor != "" {
		if parent == "" {
			return nil, t.invalid(node, "has to be lines of key: value")
		}
		return nil, t.invalid(node, "%s is a section; write its keys below it, indented", parent)
	}
	var values []given
	seen := map[string]int{}
	for i := 0; i < len(node.Content); i += 2 {
		name, value := node.Content[i], node.Content[i+1]
		key := name.Value
		if parent != "" {
			key = parent + "." + name.Value
		}
		if name.Kind != yaml.ScalarNode || name.Anchor != "" {
			return nil, t.invalid(name, "has a key that is not a plain name")
		}
		if len(name.Value) > keySize {
			return nil, t.invalid(name, "has a key of %d bytes", len(name.Value))
		}
		if before, twice := seen[name.Value]; twice {
			return nil, t.invalid(name, "%s is given twice, first on line %d", key, before)
		}
		seen[name.Value] = name.Line
		found, err := t.entry(key, name, value)
		if err != nil {
			return nil, err
		}
		values = append(values, found...)
	}
	return values, nil
}

func (t tree) entry(key string, name, value *yaml.Node) ([]given, error) {
	if strings.Contains(name.Value, ".") && find(t.known, key) != nil {
		levels := strings.Split(key, ".")
		return nil, t.invalid(name, "%s has to be written as %s levels: %s:", key, []string{"two", "three"}[len(levels)-2],
			strings.Join(levels, ": and, indented below it, "))
	}
	if setting := find(t.known, key); setting != nil {
		texts, err := t.texts(*setting, value)
		return []given{{key, texts, at(t.path, name.Line)}}, err
	}
	for _, setting := range t.known {
		if strings.HasPrefix(setting.key, key+".") {
			return t.section(value, key)
		}
	}
	return nil, t.invalid(name, "%s is not a setting%s", key, suggest(key, keys(t.known)))
}

func (t tree) texts(setting declaration, node *yaml.Node) ([]string, error) {
	if !setting.isList() {
		text, err := t.scalar(setting.key, node)
		return []string{text}, err
	}
	if isNull(node) {
		return nil, nil
	}
	if node.Kind != yaml.SequenceNode || node.Anchor != "" {
		return nil, t.invalid(node, "%s is a list; write [first, second] or one per line after a dash", setting.key)
	}
	var texts []string
	for _, element := range node.Content {
		text, err := t.scalar(setting.key, element)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	return texts, nil
}

func (t tree) scalar(key string, node *yaml.Node) (string, error) {
	switch {
	case node.Kind == yaml.AliasNode || node.Anchor != "":
		return "", t.invalid(node, "%s uses an anchor or alias, which config.yaml does not have", key)
	case node.Kind != yaml.ScalarNode:
		return "", t.invalid(node, "%s is one value, not a list or a section", key)
	case isNull(node):
		return "", t.invalid(node, `%s has no value; write one, or "" for none`, key)
	case node.Style&yaml.TaggedStyle != 0:
		return "", t.invalid(node, "%s has a YAML tag (%s), which config.yaml does not have", key, node.Tag)
	}
	return node.Value, nil
}

func isNull(node *yaml.Node) bool {
	return node.Kind == yaml.ScalarNode && node.Tag == "!!null" && node.Style == 0 && node.Anchor == ""
}

func (t tree) invalid(node *yaml.Node, format string, args ...any) error {
	return invalid(at(t.path, node.Line), format, args...)
}

func at(path string, line int) string { return fmt.Sprintf("%s:%d", path, line) }
