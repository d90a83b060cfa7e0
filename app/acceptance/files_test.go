package acceptance

import (
	"bytes"
	"crypto/sha256"
	encoding "encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"mime/multipart"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// smallPicture is a PNG of a few pixels.
var smallPicture = func() []byte {
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		panic(err)
	}
	return out.Bytes()
}()

// form is a body with one file, whose sender lies about its type.
func form(field, name string, content []byte) (body []byte, contentType string) {
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf(`form-data; name="%s"; filename="%s"`, field, strings.ReplaceAll(name, `"`, `\"`))}, "Content-Type": {"image/png"}})
	if err == nil {
		_, err = part.Write(content)
	}
	if err != nil {
		panic(err)
	}
	w.Close()
	return out.Bytes(), w.FormDataContentType()
}

type uploaded struct {
	ID, Name, SHA256 string
	MediaType        string `json:"media_type"`
	Size             int
}

// upload gives a file as a row holds it.
func (c *client) upload(name string, content []byte) map[string]any {
	c.i.t.Helper()
	var made map[string]any
	body, kind := form("file", name, content)
	c.must(c.call("POST", "files", body, "Content-Type", kind), 201, &made)
	delete(made, "sha256")
	return made
}

// huge is the beginning of a PNG that claims a size.
func huge(width, height uint32) []byte {
	head := append([]byte("IHDR"), encoding.BigEndian.AppendUint32(encoding.BigEndian.AppendUint32(nil, width), height)...)
	head = append(head, 8, 0, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	return encoding.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head))
}

func TestUploadsAreWhatTheyAreAndNotWhatTheySay(t *testing.T) {
	t.Parallel()
	i := start(t, "server.upload_limit=64KiB")
	c := i.as("editor@acme")
	for _, one := range []struct {
		name, content, stored, kind string
	}{
		{"picture.png", string(smallPicture), "picture.png", "image/png"},
		{"page.png", "<html><script>alert(1)</script>", "page.png", "text/html"},
		{"huge.png", string(huge(50_000, 50_000)), "huge.png", "application/octet-stream"},
		{"../../etc/passwd", "x", "passwd", "text/plain"},
		{`C:\temp\report.pdf`, "%PDF-1.7", "report.pdf", "application/pdf"},
		{"\u202egpj.exe", "x", "gpj.exe", "text/plain"},
		{"..", "x", "file", "text/plain"},
		{"größe " + strings.Repeat("x", 300) + ".txt", "x", strings.Repeat("x", 196) + ".txt", "text/plain"},
	} {
		var made uploaded
		body, kind := form("file", one.name, []byte(one.content))
		c.must(c.call("POST", "files", body, "Content-Type", kind), 201, &made)
		sum := sha256.Sum256([]byte(one.content))
		if made.Name != one.stored || made.MediaType != one.kind || made.Size != len(one.content) || made.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%q is stored as %+v", one.name, made)
		}
		stored, err := os.ReadFile(filepath.Join(i.dir, "blobs", made.SHA256[:2], made.SHA256[2:]))
		if err != nil || string(stored) != one.content {
			t.Errorf("%q is not in its place: %v", one.name, err)
		}
	}
	large, kind := form("file", "large", make([]byte, 65<<10))
	if answer := c.call("POST", "files", large, "Content-Type", kind); answer.status != 413 {
		t.Errorf("a file over the limit answers %d %s", answer.status, answer.body)
	}
	vast, kind := form("file", "vast", make([]byte, 2<<20))
	if answer, err := c.try("POST", "files", vast, "Content-Type", kind); err == nil && answer.status != 413 {
		t.Errorf("a body over the limit answers %d %s", answer.status, answer.body)
	}
	good, kind := form("file", "x", []byte("x"))
	for what, try := range map[string]struct {
		body         []byte
		kind, answer string
	}{
		"no form":        {[]byte("{}"), "application/json", "415"},
		"no boundary":    {good, "multipart/form-data", "415"},
		"cut off":        {good[:len(good)-20], kind, "400"},
		"another name":   {bytes.ReplaceAll(good, []byte(`name="file"`), []byte(`name="fill"`)), kind, "400"},
		"nothing":        {[]byte("--x--\r\n"), "multipart/form-data; boundary=x", "422"},
		"long part head": {bytes.Replace(good, []byte("Content-Type"), append(bytes.Repeat([]byte("X"), 100<<10), ": 1\r\nContent-Type"...), 1), kind, "413"},
	} {
		if answer := c.call("POST", "files", try.body, "Content-Type", try.kind); fmt.Sprint(answer.status) != try.answer && !(what == "long part head" && answer.status < 500) {
			t.Errorf("%s answers %d %s", what, answer.status, answer.body)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(i.dir, "blobs", "incoming-*")); left != nil {
		t.Errorf("refused uploads are left: %v", left)
	}
	if answer := i.as("viewer@acme").call("POST", "files", good, "Content-Type", kind); answer.status != 403 {
		t.Errorf("an upload of a viewer answers %d", answer.status)
	}
	if answer := c.call("GET", "assets", nil); answer.status != 200 {
		t.Errorf("the next request answers %d", answer.status)
	}
}

func TestSpecimenHoldsFiles(t *testing.T) {
	onlyOverTheSample(t)
	t.Parallel()
	i := start(t)
	c, other, theirs := i.as("editor@acme"), i.as("admin@acme"), i.as("owner@umbrella")
	script := []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)
	photo, paper := c.upload("photo.png", smallPicture), c.upload("na\"me ü.svg", script)
	var made map[string]any
	refuse := func(who *client, field string, value any) {
		t.Helper()
		if answer := who.call("POST", "specimens", map[string]any{"name": "refused", field: value}); answer.status != 422 || !strings.Contains(string(answer.body), field) {
			t.Errorf("%s with %v answers %d %s", field, value, answer.status, answer.body)
		}
	}
	refuse(other, "paper", paper["id"])
	refuse(theirs, "paper", paper["id"])
	refuse(c, "photo", paper["id"])
	refuse(c, "paper", "01990000-0000-7000-8000-000000000000")
	c.must(c.call("POST", "specimens", map[string]any{"name": "one", "photo": photo["id"], "paper": map[string]any{"id": paper["id"], "name": "forged.exe", "size": 1}}), 201, &made)
	if encode(made["photo"]) != encode(photo) || encode(made["paper"]) != encode(paper) {
		t.Errorf("the row holds %v and %v", made["photo"], made["paper"])
	}
	refuse(c, "paper", paper["id"])
	path := "specimens/" + made["id"].(string)
	answer := c.call("GET", path+"/files/paper", nil)
	header := answer.header
	if !bytes.Equal(answer.body, script) || header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(header.Get("Content-Disposition"), "attachment") ||
		!strings.Contains(header.Get("Content-Disposition"), "utf-8''na%22me%20%C3%BC.svg") || !strings.Contains(header.Get("Content-Security-Policy"), "sandbox") ||
		header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Content-Length") != fmt.Sprint(len(script)) || header.Get("Cache-Control") != "no-store" {
		t.Errorf("a drawing comes as %v", header)
	}
	answer = other.call("GET", path+"/files/photo", nil)
	if !bytes.Equal(answer.body, smallPicture) || answer.header.Get("Content-Type") != "image/png" || !strings.HasPrefix(answer.header.Get("Content-Disposition"), "inline") {
		t.Errorf("a picture comes as %v", answer.header)
	}
	if head := c.call("HEAD", path+"/files/photo", nil); head.status != 200 || head.header.Get("Content-Length") != fmt.Sprint(len(smallPicture)) {
		t.Errorf("HEAD answers %d %v", head.status, head.header)
	}
	for _, try := range []struct {
		who  *client
		path string
	}{{theirs, path + "/files/paper"}, {c, path + "/files/name"}, {c, path + "/files/nothing"}, {c, "specimens/01990000-0000-7000-8000-000000000000/files/paper"}} {
		if answer := try.who.call("GET", try.path, nil); answer.status != 404 {
			t.Errorf("%s answers %d", try.path, answer.status)
		}
	}
	// A change that says nothing of the file keeps it; one that takes it off frees the upload for another row of the person.
	c.must(c.call("PATCH", path, map[string]any{"name": "two", "paper": made["paper"]}), 200, &made)
	c.must(c.call("PATCH", path, map[string]any{"paper": nil}), 200, &made)
	if made["paper"] != nil || encode(made["photo"]) != encode(photo) {
		t.Errorf("the row holds %v and %v", made["photo"], made["paper"])
	}
	if answer := c.call("GET", path+"/files/paper", nil); answer.status != 404 {
		t.Errorf("a file that was taken off answers %d", answer.status)
	}
	c.must(c.call("POST", "specimens", map[string]any{"name": "three", "paper": paper["id"]}), 201, nil)

	backup := filepath.Join(t.TempDir(), "all.tar.gz")
	if out, wrong, code := i.command("backup", "create", backup); code != 0 {
		t.Fatalf("backup: %s%s", out, wrong)
	}
	into := filepath.Join(t.TempDir(), "restored")
	if out, wrong, code := command(t, "backup", "restore", backup, "--data-dir", into); code != 0 {
		t.Fatalf("restore: %s%s", out, wrong)
	}
	restored := &instance{t: t, dir: into}
	restored.serve()
	if answer := restored.as("viewer@acme").call("GET", path+"/files/photo", nil); !bytes.Equal(answer.body, smallPicture) {
		t.Errorf("after a restore the picture answers %d", answer.status)
	}
}
