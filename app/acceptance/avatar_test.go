package acceptance

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"
)

func TestAPictureOfAPersonIsMadeAnew(t *testing.T) {
	t.Parallel()
	i := start(t)
	viewer, stranger := i.as("viewer@acme"), i.as("owner@umbrella")
	var me struct{ ID string }
	viewer.must(viewer.call("GET", "users/me", nil), 200, &me)
	send := func(content []byte) reply {
		body, kind := form("file", "me.png", content)
		return viewer.call("POST", "users/me/avatar", body, "Content-Type", kind)
	}
	for name, one := range map[string]struct {
		content []byte
		status  int
	}{
		"a text":                     {[]byte("no picture"), 422},
		"a GIF":                      {[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), 422},
		"one that claims to be huge": {huge(100_000, 100_000), 422},
		"one that is cut off":        {smallPicture[:len(smallPicture)/2], 422},
		"six megabytes":              {append(bytes.Clone(smallPicture), make([]byte, 6<<20)...), 413},
	} {
		if r := send(one.content); r.status != one.status {
			t.Errorf("%s answers %d: %s", name, r.status, r.body)
		}
	}
	if r := viewer.call("GET", "users/"+me.ID+"/avatar", nil); r.status != 404 {
		t.Errorf("without a picture it answers %d", r.status)
	}
	viewer.must(send(append(bytes.Clone(smallPicture), "GPS 48.2, 16.4"...)), 200, nil)
	got := i.as("editor@acme").call("GET", "users/"+me.ID+"/avatar", nil)
	picture, err := jpeg.Decode(bytes.NewReader(got.body))
	if err != nil || picture.Bounds() != image.Rect(0, 0, 256, 256) || bytes.Contains(got.body, []byte("GPS")) {
		t.Errorf("the picture is %d bytes with status %d: %v", len(got.body), got.status, err)
	}
	if r := stranger.call("GET", "users/"+me.ID+"/avatar", nil); r.status != 404 {
		t.Errorf("another organization gets %d", r.status)
	}
	page := i.enter(t, "viewer@acme")
	page.Wait(`document.querySelector("img.avatar")?.naturalWidth === 256`)
	page.Open("/settings/profile")
	page.Click("checkbox", "Remove Your picture")
	page.Click("button", "Save profile")
	page.WaitText("Your profile is saved.")
	page.Wait(`!document.querySelector("img.avatar")`)
}
