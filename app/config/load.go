package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"zygo/app/fault"
)

const (
	// DefaultFile is read from the working directory when no other file is named and it is there.
	DefaultFile = "config.yaml"

	prefix         = "ZYGO_"
	apiPrefix      = "ZYGO_API_" // of what the command api reads
	fileSuffix     = "_FILE"
	secretFileSize = 64 << 10
)

// Input is where a configuration comes from. The empty Input gives the defaults and touches neither disk nor environment.
type Input struct {
	// File is the path of a config.yaml that has to be there; empty reads none.
	File string
	// Environment has the form of os.Environ. Variables that don't begin with ZYGO_ are not looked at.
	Environment []string
	// Flags maps dotted keys, such as server.listen, to their text; lists are separated by commas.
	Flags map[string]string
}

// Loaded is a configuration and where each part of it came from.
type Loaded struct {
	Config Config
	// Settings lists every setting in the order of the example file.
	Settings []Setting
	// Warnings are sentences about what is allowed and unwise.
	Warnings []string
}

// Setting is one line of `zygo config show`.
type Setting struct {
	Key string `json:"key"`
	// Value is masked when Secret is true; the elements of a list are separated by a comma and a space.
	Value string `json:"value"`
	// Source is "default", a file with its line, a variable or a flag.
	Source string `json:"source"`
	Help   string `json:"help"`
	Secret bool   `json:"secret"`
}

// given is one value from one of the layers.
type given struct {
	key    string
	texts  []string
	source string
}

// FindFile is DefaultFile when it is in the working directory, else empty.
func FindFile() string {
	if _, err := os.Lstat(DefaultFile); errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	return DefaultFile
}

// Load reads the layers and checks the whole. The first mistake comes back as one fault of a single line that names the
// place, the key and, for a name that doesn't exist, the nearest one that does.
func Load(input Input) (Loaded, error) {
	known := declarations()
	var loaded Loaded
	sources := map[string]string{}

	for _, setting := range known {
		if setting.fallback == "" {
			continue
		}
		if err := setting.set(&loaded.Config, []string{setting.fallback}); err != nil {
			return Loaded{}, fmt.Errorf("default of %s: %w", setting.key, err)
		}
	}

	fromFile, err := readFile(input.File, known)
	if err != nil {
		return Loaded{}, err
	}
	fromEnvironment, err := readEnvironment(input.Environment, known)
	if err != nil {
		return Loaded{}, err
	}
	fromFlags, err := readFlags(input.Flags, known)
	if err != nil {
		return Loaded{}, err
	}
	for _, value := range slices.Concat(fromFile, fromEnvironment, fromFlags) {
		setting := find(known, value.key)
		if err := setting.set(&loaded.Config, value.texts); err != nil {
			return Loaded{}, invalid(value.source, "%s %v", value.key, err)
		}
		sources[value.key] = value.source
	}
	if key, err := loaded.Config.check(); err != nil {
		return Loaded{}, invalid(sources[key], "%s %v", key, err)
	}
	loaded.Settings = list(known, loaded.Config, sources)
	loaded.Warnings = warnings(input.File, known, fromFile)
	return loaded, nil
}

func list(known []declaration, c Config, sources map[string]string) []Setting {
	var settings []Setting
	for _, setting := range known {
		source := sources[setting.key]
		if source == "" {
			source = "default"
		}
		settings = append(settings, Setting{
			Key: setting.key, Value: strings.Join(setting.texts(c), ", "), Source: source,
			Help: setting.help, Secret: setting.isSecret(),
		})
	}
	return settings
}

// warnings looks at a secret that stands in a file which others on the machine can read.
func warnings(file string, known []declaration, fromFile []given) []string {
	for _, value := range fromFile {
		if !find(known, value.key).isSecret() || value.texts[0] == "" {
			continue
		}
		if info, err := os.Stat(file); err == nil && info.Mode().Perm()&0o077 != 0 {
			return []string{fmt.Sprintf("%s: %s stands in a file that others can read; run chmod 600 %s", value.source, value.key, file)}
		}
	}
	return nil
}

func readEnvironment(environment []string, known []declaration) ([]given, error) {
	var values []given
	names := map[string]string{}
	for _, setting := range known {
		names[setting.variable()] = setting.key
	}
	// Sorted, so that of two mistakes the same one is reported each time.
	for _, entry := range slices.Sorted(slices.Values(environment)) {
		name, text, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, prefix) || strings.HasPrefix(name, apiPrefix) {
			continue
		}
		base, isFile := strings.CutSuffix(name, fileSuffix)
		if _, exact := names[name]; exact || !isFile {
			base, isFile = name, false
		}
		key, exists := names[base]
		if !exists {
			return nil, invalid(name, "is not a setting%s", suggest(name, slices.Collect(maps.Keys(names))))
		}
		if isFile {
			content, err := readSecretFile(text)
			if err != nil {
				return nil, invalid(name, "%s: %v", key, err)
			}
			text = content
		}
		if slices.ContainsFunc(values, func(other given) bool { return other.key == key }) {
			return nil, invalid(name, "%s is given twice; unset %s or %s%s", key, base, base, fileSuffix)
		}
		values = append(values, given{key, find(known, key).split(text), name})
	}
	return values, nil
}

func readFlags(flags map[string]string, known []declaration) ([]given, error) {
	var values []given
	for _, key := range slices.Sorted(maps.Keys(flags)) {
		setting := find(known, key)
		if setting == nil {
			return nil, invalid("--"+key, "is not a setting%s", suggest(key, keys(known)))
		}
		values = append(values, given{key, setting.split(flags[key]), "--" + key})
	}
	return values, nil
}

// readSecretFile drops one line break at the end, which editors and echo leave there.
func readSecretFile(path string) (string, error) {
	content, err := readSmall(path, secretFileSize)
	if err != nil {
		return "", fmt.Errorf("%s %w", path, err)
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r"), nil
}

func (d declaration) split(text string) []string {
	if !d.isList() {
		return []string{text}
	}
	if strings.TrimSpace(text) == "" {
		return nil
	}
	return strings.Split(text, ",")
}

func find(known []declaration, key string) *declaration {
	for i := range known {
		if known[i].key == key {
			return &known[i]
		}
	}
	return nil
}

func keys(known []declaration) []string {
	var names []string
	for _, setting := range known {
		names = append(names, setting.key)
	}
	return names
}

func invalid(place, format string, args ...any) error {
	message := fmt.Sprintf(format, args...)
	if place != "" {
		message = place + ": " + message
	}
	return fault.New(fault.Invalid, "%s", message)
}
