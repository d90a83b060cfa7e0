package field

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"zygo/app/fault"
)

const (
	// mostThumbnailPixels bounds the memory that a picture takes while it is read, 100 MB.
	mostThumbnailPixels = 25_000_000
	thumbnailQuality    = 88
)

// Thumbnail is the middle of a PNG, JPEG or WebP picture as a square JPEG with sides of so many pixels, turned as its camera
// noted. It is encoded anew, so that nothing of what the file held besides the picture is left. Transparent parts become white.
func Thumbnail(content []byte, side int) ([]byte, error) {
	picture, kind, err := decodePicture(content)
	if err != nil {
		return nil, err
	}
	small := image.NewRGBA(image.Rect(0, 0, side, side))
	draw.Draw(small, small.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(small, small.Bounds(), picture, middle(picture.Bounds()), draw.Over, nil)
	if kind == "image/jpeg" {
		small = turned(small, orientation(content))
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: thumbnailQuality}); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Small is a whole PNG, JPEG or WebP picture as a PNG that is not wider or higher than so many pixels, encoded anew. What is
// transparent stays so.
func Small(content []byte, most int) ([]byte, error) {
	picture, kind, err := decodePicture(content)
	if err != nil {
		return nil, err
	}
	width, height := picture.Bounds().Dx(), picture.Bounds().Dy()
	if larger := max(width, height); larger > most {
		width, height = max(1, width*most/larger), max(1, height*most/larger)
	}
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.CatmullRom.Scale(small, small.Bounds(), picture, picture.Bounds(), draw.Src, nil)
	if kind == "image/jpeg" {
		small = turned(small, orientation(content))
	}
	var out bytes.Buffer
	if err := png.Encode(&out, small); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// decodePicture reads a picture whose memory is bounded, and tells its media type.
func decodePicture(content []byte) (picture image.Image, kind string, err error) {
	unfit := fault.InvalidField("file", "must be a picture: PNG, JPEG or WebP, of %d million pixels at most", mostThumbnailPixels/1_000_000)
	if kind, err = MediaType(bytes.NewReader(content)); err != nil {
		return nil, "", err
	}
	type codec struct {
		config func(io.Reader) (image.Config, error)
		decode func(io.Reader) (image.Image, error)
	}
	read, ok := map[string]codec{
		"image/png":  {png.DecodeConfig, png.Decode},
		"image/jpeg": {jpeg.DecodeConfig, jpeg.Decode},
		"image/webp": {webp.DecodeConfig, webp.Decode},
	}[kind]
	if !ok {
		return nil, "", unfit
	}
	size, err := read.config(bytes.NewReader(content))
	if err != nil || size.Width > mostThumbnailPixels/size.Height {
		return nil, "", unfit
	}
	if picture, err = read.decode(bytes.NewReader(content)); err != nil {
		return nil, "", unfit.Because(err)
	}
	return picture, kind, nil
}

// middle is the largest square in the middle of a rectangle.
func middle(of image.Rectangle) image.Rectangle {
	side := min(of.Dx(), of.Dy())
	corner := of.Min.Add(image.Pt((of.Dx()-side)/2, (of.Dy()-side)/2))
	return image.Rectangle{corner, corner.Add(image.Pt(side, side))}
}
