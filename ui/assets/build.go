package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// Below this a packet carries the file either way.
const worthCompressing = 1000

// build gives the files of embed/static by name. The same sources give the same bytes on every machine.
func build(source string) (map[string][]byte, error) {
	named := map[string][]byte{}
	for name, entry := range map[string]string{
		"app.css": "styles/app.css", "app.js": "scripts/main.js",
		"canvas.css": "styles/canvas.css", "canvas.js": "scripts/canvas/main.jsx",
	} {
		content, err := bundle(source, entry)
		if err != nil {
			return nil, err
		}
		named[name] = content
	}
	icons, err := sprite(source)
	if err != nil {
		return nil, err
	}
	named["icons.svg"] = icons
	if named["mark.svg"], err = os.ReadFile(filepath.Join(source, "mark.svg")); err != nil {
		return nil, err
	}
	if named["licenses.txt"], err = licenses(source); err != nil {
		return nil, err
	}

	files, manifest := map[string][]byte{}, map[string]string{}
	for name, content := range named {
		hash := sha256.Sum256(content)
		extension := filepath.Ext(name)
		hashed := strings.TrimSuffix(name, extension) + "." + hex.EncodeToString(hash[:5]) + extension
		manifest[name] = hashed
		files[hashed] = content
		if len(content) > worthCompressing {
			files[hashed+".gz"] = compressed(content)
		}
	}
	list, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return nil, err
	}
	files["manifest.json"] = append(list, '\n')
	return files, nil
}

// bundle follows imports, minifies, and leaves alone what the browsers named here can do: nesting and light-dark().
func bundle(source, entry string) ([]byte, error) {
	folder, err := filepath.Abs(source)
	if err != nil {
		return nil, err
	}
	result := api.Build(api.BuildOptions{
		AbsWorkingDir: folder, // what an alias names is looked for from here
		EntryPoints:   []string{entry},
		Bundle:        true,
		Format:        api.FormatIIFE,
		Target:        api.ES2022,
		Engines: []api.Engine{
			{Name: api.EngineChrome, Version: "123"}, {Name: api.EngineFirefox, Version: "128"}, {Name: api.EngineSafari, Version: "17.5"},
		},
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsNone,
		// React Flow runs on Preact, which is a quarter of React's size.
		Alias: map[string]string{
			"react": "preact/compat", "react-dom": "preact/compat", "react/jsx-runtime": "preact/jsx-runtime",
		},
		JSX:             api.JSXAutomatic,
		JSXImportSource: "preact",
		Plugins:         []api.Plugin{{Name: "without eval", Setup: withoutEval}},
	})
	if len(result.Errors) > 0 {
		first := result.Errors[0]
		if first.Location == nil {
			return nil, errors.New(first.Text)
		}
		return nil, fmt.Errorf("%s:%d: %s", first.Location.File, first.Location.Line, first.Text)
	}
	return result.OutputFiles[0].Contents, nil
}

// withoutEval takes the one call of eval out of htmx. The content policy and htmx's own settings refuse it on every page, and
// while it is there no name around it can be shortened, which costs each page thousands of bytes.
func withoutEval(build api.PluginBuild) {
	build.OnLoad(api.OnLoadOptions{Filter: `htmx\.esm\.js$`}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
		text, err := os.ReadFile(args.Path)
		if err != nil {
			return api.OnLoadResult{}, err
		}
		without := strings.Replace(string(text), "return eval(str)", "return undefined", 1)
		if without == string(text) {
			return api.OnLoadResult{}, fmt.Errorf("%s no longer calls eval where it did", args.Path)
		}
		return api.OnLoadResult{Contents: &without}, nil
	})
}

func compressed(content []byte) []byte {
	var out bytes.Buffer
	writer, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	// A bytes.Buffer refuses nothing.
	_, _ = writer.Write(content)
	_ = writer.Close()
	return out.Bytes()
}

// sprite puts the icons that icons.txt names into one file of symbols, so that a page asks for its icons once. Those in the
// folder drawings are our own.
func sprite(source string) ([]byte, error) {
	names, err := os.ReadFile(filepath.Join(source, "icons.txt"))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString(`<svg xmlns="http://www.w3.org/2000/svg">`)
	for name := range strings.FieldsSeq(string(names)) {
		drawing, err := os.ReadFile(filepath.Join(source, "drawings", name+".svg"))
		if errors.Is(err, fs.ErrNotExist) {
			drawing, err = os.ReadFile(filepath.Join(source, "node_modules/lucide-static/icons", name+".svg"))
		}
		if err != nil {
			return nil, fmt.Errorf("icon %s: %w", name, err)
		}
		var parsed struct {
			ViewBox string `xml:"viewBox,attr"`
			Shapes  string `xml:",innerxml"`
		}
		if err := xml.Unmarshal(drawing, &parsed); err != nil {
			return nil, fmt.Errorf("icon %s: %w", name, err)
		}
		shapes := strings.ReplaceAll(strings.Join(strings.Fields(parsed.Shapes), " "), "> <", "><")
		fmt.Fprintf(&out, `<symbol id="%s" viewBox="%s">%s</symbol>`, name, parsed.ViewBox, strings.ReplaceAll(shapes, " />", "/>"))
	}
	out.WriteString("</svg>\n")
	return out.Bytes(), nil
}

// licenses gathers the notices that have to travel with copies of what is bundled.
func licenses(source string) ([]byte, error) {
	var out bytes.Buffer
	for _, name := range []string{
		"@xyflow/react", "@xyflow/system", "classcat", "d3-color", "d3-dispatch", "d3-drag", "d3-ease", "d3-interpolate", "d3-selection",
		"d3-timer", "d3-transition", "d3-zoom", "htmx.org", "idiomorph", "lucide-static", "preact", "use-sync-external-store", "zustand",
	} {
		// Some have an ending.
		found, err := filepath.Glob(filepath.Join(source, "node_modules", name, "LICENSE*"))
		if err != nil || len(found) == 0 {
			return nil, fmt.Errorf("%s has no licence: %w", name, err)
		}
		text, err := os.ReadFile(found[0])
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&out, "%s\n\n%s\n\n", name, bytes.TrimSpace(text))
	}
	return out.Bytes(), nil
}
