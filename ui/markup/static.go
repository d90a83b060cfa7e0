package markup

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// StaticPath is where the edge serves the files of Static. Browsers keep each forever: a changed file has another name.
const StaticPath = "/static/"

// Static is what the browser loads beside a page.
type Static struct {
	names map[string]string
	files map[string]StaticFile
	icons map[string]bool
}

// StaticFile is one file as it goes over the wire. Gzip is nil when compressing does not help.
type StaticFile struct {
	ContentType string
	Content     []byte
	Gzip        []byte
}

// contentTypes are the types of the static files by their endings. The package mime would read the lists of the machine, which take
// time and differ.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
	".txt": "text/plain; charset=utf-8",
}

// LoadStatic reads the folder "static" of files into memory; it is small and never changes while the process lives.
func LoadStatic(files fs.FS) (*Static, error) {
	list, err := fs.ReadFile(files, "static/manifest.json")
	if err != nil {
		return nil, err
	}
	s := &Static{files: map[string]StaticFile{}, icons: map[string]bool{}}
	if err := json.Unmarshal(list, &s.names); err != nil {
		return nil, fmt.Errorf("static/manifest.json: %w", err)
	}
	for _, hashed := range s.names {
		content, err := fs.ReadFile(files, "static/"+hashed)
		if err != nil {
			return nil, err
		}
		contentType, ok := contentTypes[path.Ext(hashed)]
		if !ok {
			return nil, fmt.Errorf("static/%s: nobody says what type such a file has", hashed)
		}
		// A missing .gz is an answer too: the file is not worth it.
		compressed, _ := fs.ReadFile(files, "static/"+hashed+".gz")
		s.files[hashed] = StaticFile{ContentType: contentType, Content: content, Gzip: compressed}
	}
	sprite := string(s.files[s.names["icons.svg"]].Content)
	for symbol := range strings.SplitSeq(sprite, `<symbol id="`) {
		if name, _, found := strings.Cut(symbol, `"`); found {
			s.icons[name] = true
		}
	}
	return s, nil
}

// File finds a file by its hashed name.
func (s *Static) File(hashed string) (StaticFile, bool) {
	file, found := s.files[hashed]
	return file, found
}

// HasIcon tells whether the sprite has an icon, so that a declaration that names another one fails at start.
func (s *Static) HasIcon(name string) bool { return s.icons[name] }

func (s *Static) path(name string) (string, error) {
	hashed, found := s.names[name]
	if !found {
		return "", fmt.Errorf("there is no static file %q", name)
	}
	return StaticPath + hashed, nil
}
