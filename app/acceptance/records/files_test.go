package records

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

type uploaded struct {
	ID, Name, SHA256 string
	MediaType        string `json:"media_type"`
	Size             int
}

func TestUploadsAreWhatTheyAreAndNotWhatTheySay(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, "server.upload_limit=64KiB")
	c := i.As("editor@acme")
	for _, one := range []struct {
		name, content, stored, kind string
	}{
		{"picture.png", string(instance.SmallPicture), "picture.png", "image/png"},
		{"page.png", "<html><script>alert(1)</script>", "page.png", "text/html"},
		{"huge.png", string(instance.HugePicture(50_000, 50_000)), "huge.png", "application/octet-stream"},
		{"../../etc/passwd", "x", "passwd", "text/plain"},
		{`C:\temp\report.pdf`, "%PDF-1.7", "report.pdf", "application/pdf"},
		{"\u202egpj.exe", "x", "gpj.exe", "text/plain"},
		{"..", "x", "file", "text/plain"},
		{"größe " + strings.Repeat("x", 300) + ".txt", "x", strings.Repeat("x", 196) + ".txt", "text/plain"},
	} {
		var made uploaded
		body, kind := instance.UploadForm("file", one.name, []byte(one.content))
		c.Must(c.Call("POST", "files", body, "Content-Type", kind), 201, &made)
		sum := sha256.Sum256([]byte(one.content))
		if made.Name != one.stored || made.MediaType != one.kind || made.Size != len(one.content) ||
			made.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%q is stored as %+v", one.name, made)
		}
		stored, err := os.ReadFile(filepath.Join(i.Dir, "blobs", made.SHA256[:2], made.SHA256[2:]))
		if err != nil || string(stored) != one.content {
			t.Errorf("%q is not in its place: %v", one.name, err)
		}
	}
	large, kind := instance.UploadForm("file", "large", make([]byte, 65<<10))
	if answer := c.Call("POST", "files", large, "Content-Type", kind); answer.Status != 413 {
		t.Errorf("a file over the limit answers %d %s", answer.Status, answer.Body)
	}
	vast, kind := instance.UploadForm("file", "vast", make([]byte, 2<<20))
	if answer, err := c.Try("POST", "files", vast, "Content-Type", kind); err == nil && answer.Status != 413 {
		t.Errorf("a body over the limit answers %d %s", answer.Status, answer.Body)
	}
	good, kind := instance.UploadForm("file", "x", []byte("x"))
	for what, try := range map[string]struct {
		body         []byte
		kind, answer string
	}{
		"no form":                         {[]byte("{}"), "application/json", "415"},
		"no boundary":                     {good, "multipart/form-data", "415"},
		"cut off":                         {good[:len(good)-20], kind, "400"},
		"another name":                    {bytes.ReplaceAll(good, []byte(`name="file"`), []byte(`name="fill"`)), kind, "400"},
		"nothing":                         {[]byte("--x--\r\n"), "multipart/form-data; boundary=x", "422"},
		"a control character in the name": {bytes.Replace(good, []byte(`filename="x"`), []byte("filename=\"x\x01y\""), 1), kind, "400"},
		"a null in the name":              {bytes.Replace(good, []byte(`filename="x"`), []byte("filename=\"x\x00y\""), 1), kind, "400"},
		"a head that is none":             {bytes.Replace(good, []byte("Content-Type"), []byte("no head\r\nContent-Type"), 1), kind, "400"},
		"long part head": {
			bytes.Replace(good, []byte("Content-Type"), append(bytes.Repeat([]byte("X"), 100<<10), ": 1\r\nContent-Type"...), 1), kind,
			"413"},
	} {
		if answer := c.Call("POST", "files", try.body, "Content-Type", try.kind); fmt.Sprint(answer.Status) != try.answer &&
			!(what == "long part head" && answer.Status < 500) {
			t.Errorf("%s answers %d %s", what, answer.Status, answer.Body)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(i.Dir, "blobs", "incoming-*")); left != nil {
		t.Errorf("refused uploads are left: %v", left)
	}
	if answer := i.As("viewer@acme").Call("POST", "files", good, "Content-Type", kind); answer.Status != 403 {
		t.Errorf("an upload of a viewer answers %d", answer.Status)
	}
	if answer := c.Call("GET", "assets", nil); answer.Status != 200 {
		t.Errorf("the next request answers %d", answer.Status)
	}
}
