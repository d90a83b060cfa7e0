package accounts

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"zygo/app/acceptance/instance"
)

func TestAPictureOfAPersonIsMadeAnew(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	viewer, stranger := i.As("viewer@acme"), i.As("owner@umbrella")
	var me struct{ ID string }
	viewer.Must(viewer.Call("GET", "users/me", nil), 200, &me)
	send := func(content []byte) instance.Reply {
		body, kind := instance.UploadForm("file", "me.png", content)
		return viewer.Call("POST", "users/me/avatar", body, "Content-Type", kind)
	}
	for name, one := range map[string]struct {
		content []byte
		status  int
	}{
		"a text":                     {[]byte("no picture"), 422},
		"a GIF":                      {[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), 422},
		"one that claims to be huge": {instance.HugePicture(100_000, 100_000), 422},
		"one that is cut off":        {instance.SmallPicture[:len(instance.SmallPicture)/2], 422},
		"six megabytes":              {append(bytes.Clone(instance.SmallPicture), make([]byte, 6<<20)...), 413},
	} {
		if r := send(one.content); r.Status != one.status {
			t.Errorf("%s answers %d: %s", name, r.Status, r.Body)
		}
	}
	if r := viewer.Call("GET", "users/"+me.ID+"/avatar", nil); r.Status != 404 {
		t.Errorf("without a picture it answers %d", r.Status)
	}
	viewer.Must(send(append(bytes.Clone(instance.SmallPicture), "GPS 48.2, 16.4"...)), 200, nil)
	got := i.As("editor@acme").Call("GET", "users/"+me.ID+"/avatar", nil)
	picture, err := jpeg.Decode(bytes.NewReader(got.Body))
	if err != nil || picture.Bounds() != image.Rect(0, 0, 256, 256) || bytes.Contains(got.Body, []byte("GPS")) {
		t.Errorf("the picture is %d bytes with status %d: %v", len(got.Body), got.Status, err)
	}
	if r := stranger.Call("GET", "users/"+me.ID+"/avatar", nil); r.Status != 404 {
		t.Errorf("another organization gets %d", r.Status)
	}
	page := i.Enter(t, "viewer@acme")
	page.Open("/dashboard")
	page.Wait(`document.querySelector("img.avatar")?.naturalWidth === 256`)
	page.Open("/settings/profile")
	page.Click("checkbox", "Remove Your picture")
	page.Click("button", "Save profile")
	page.WaitText("Your profile is saved.")
	page.Wait(`!document.querySelector("img.avatar")`)
}

// quarters is a JPEG whose quarters have the colours of four letters, with an EXIF note that says how to turn it.
func quarters(t *testing.T, letters string, orientation byte, bigEndian bool) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for y := range 64 {
		for x := range 64 {
			picture.SetRGBA(x, y, letterColours[letters[y/32*2+x/32]])
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	note := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x02\x00\x0f\x01\x02\x00\x01\x00\x00\x00GPS\x00\x12\x01\x03\x00\x01\x00\x00\x00\x00\x00\x00\x00")
	note[len(note)-4] = orientation
	if bigEndian {
		note = []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00")
		note[len(note)-3] = orientation
	}
	segment := append([]byte{0xFF, 0xE1, 0, byte(len(note) + 2)}, note...)
	return append(append(bytes.Clone(out.Bytes()[:2]), segment...), out.Bytes()[2:]...)
}

var letterColours = map[byte]color.RGBA{'R': {200, 0, 0, 255}, 'G': {0, 200, 0, 255}, 'B': {0, 0, 200, 255}, 'W': {255, 255, 255, 255}}

// letterAt is the colour that a point is nearest to.
func letterAt(picture image.Image, x, y int) string {
	r, g, b, _ := picture.At(x, y).RGBA()
	switch {
	case r > 0x8000 && g > 0x8000:
		return "W"
	case r > 0x8000:
		return "R"
	case g > 0x8000:
		return "G"
	case b > 0x8000:
		return "B"
	}
	return "?"
}

func TestAPictureIsTurnedAsItsCameraNoted(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("viewer@acme")
	id := c.UserID()
	// How a picture of which the quarters are RG above BW is stored by a camera that lay so.
	for orientation, stored := range []string{"RGBW", "RGBW", "GRWB", "WBGR", "BWRG", "RBGW", "GWRB", "WGBR", "BRWG", "RGBW"} {
		for _, bigEndian := range []bool{false, true} {
			body, kind := instance.UploadForm("file", "me.jpg", quarters(t, stored, byte(orientation), bigEndian))
			c.Must(c.Call("POST", "users/me/avatar", body, "Content-Type", kind), 200, nil)
			shown := c.Call("GET", "users/"+id+"/avatar", nil)
			picture, err := jpeg.Decode(bytes.NewReader(shown.Body))
			if err != nil {
				t.Fatal(err)
			}
			got := letterAt(picture, 64, 64) + letterAt(picture, 192, 64) + letterAt(picture, 64, 192) + letterAt(picture, 192, 192)
			if got != "RGBW" {
				t.Errorf("orientation %d, stored as %s, is shown as %s", orientation, stored, got)
			}
			if bytes.Contains(shown.Body, []byte("Exif")) || bytes.Contains(shown.Body, []byte("GPS")) {
				t.Errorf("orientation %d leaves the note in", orientation)
			}
		}
	}
	// A note whose lengths lead nowhere turns nothing and breaks nothing.
	whole := quarters(t, "RGBW", 6, false)
	for at := 4; at < 44; at++ {
		broken := bytes.Clone(whole)
		broken[at] = 0xFF
		body, kind := instance.UploadForm("file", "me.jpg", broken)
		if r := c.Call("POST", "users/me/avatar", body, "Content-Type", kind); r.Status != 200 && r.Status != 422 {
			t.Errorf("with byte %d broken it answers %d", at, r.Status)
		}
	}
}
