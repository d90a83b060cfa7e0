package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

// libraryTarget is where the sandbox embeds what it takes from npm.
const libraryTarget = "app/flow/sandbox/library"

// libraries are what the sandbox takes from npm, by the name of its file: each gives the object that its last line returns.
var libraries = map[string]string{
	"luxon.js":    `export { DateTime, Duration, Interval, Settings, IANAZone, SystemZone } from "luxon"`,
	"jmespath.js": `export { search } from "jmespath"`,
}

// buildLibraries gives the files of the sandbox by name.
func buildLibraries(source string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for name, entry := range libraries {
		result := api.Build(api.BuildOptions{
			Stdin:             &api.StdinOptions{Contents: entry, ResolveDir: source},
			Bundle:            true,
			Format:            api.FormatIIFE,
			GlobalName:        "library",
			Target:            api.ES2023,
			MinifyWhitespace:  true,
			MinifyIdentifiers: true,
			MinifySyntax:      true,
			Charset:           api.CharsetUTF8,
			LegalComments:     api.LegalCommentsNone,
		})
		if len(result.Errors) > 0 {
			return nil, fmt.Errorf("%s: %s", name, result.Errors[0].Text)
		}
		files[name] = result.OutputFiles[0].Contents
	}
	var notices bytes.Buffer
	for _, file := range []string{"jmespath/LICENSE", "luxon/LICENSE.md"} {
		text, err := os.ReadFile(filepath.Join(source, "node_modules", file))
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&notices, "%s\n\n%s\n\n", filepath.Dir(file), bytes.TrimSpace(text))
	}
	files["licenses.txt"] = notices.Bytes()
	return files, nil
}
