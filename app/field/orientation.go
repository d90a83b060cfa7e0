package field

import (
	"bytes"
	"encoding/binary"
	"image"
)

// A camera stores a picture as its sensor lay, and beside it how to turn it. That note goes with the rest of what is beside
// the picture, so the picture is turned first.

// The segments of a JPEG file and the parts of its EXIF note that lead to the orientation.
const (
	jpegStart      = 0xD8
	jpegScan       = 0xDA // the picture itself begins; notes come before
	jpegNote       = 0xE1
	orientationTag = 0x0112
	exifEntry      = 12 // bytes of one entry
)

// orientation is the number from 1 to 8 by which EXIF says how a JPEG has to be turned; 1 where it says nothing that can be
// read.
func orientation(content []byte) int {
	if len(content) < 4 || content[0] != 0xFF || content[1] != jpegStart {
		return 1
	}
	for rest := content[2:]; len(rest) >= 4 && rest[0] == 0xFF && rest[1] != jpegScan; {
		size := 2 + int(binary.BigEndian.Uint16(rest[2:]))
		if size < 4 || size > len(rest) {
			return 1
		}
		if note, isExif := bytes.CutPrefix(rest[4:size], []byte("Exif\x00\x00")); rest[1] == jpegNote && isExif {
			return exifOrientation(note)
		}
		rest = rest[size:]
	}
	return 1
}

// exifOrientation reads the first directory of an EXIF note, whose offsets may lead anywhere.
func exifOrientation(note []byte) int {
	if len(note) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if note[0] == 'M' {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(note[4:]))
	if at+2 > int64(len(note)) {
		return 1
	}
	entries := note[at+2:]
	for range order.Uint16(note[at:]) {
		if len(entries) < exifEntry {
			return 1
		}
		if order.Uint16(entries) == orientationTag {
			if turn := int(order.Uint16(entries[8:])); turn >= 1 && turn <= 8 {
				return turn
			}
			return 1
		}
		entries = entries[exifEntry:]
	}
	return 1
}

// turned is a picture as its orientation wants it to be seen.
func turned(picture *image.RGBA, orientation int) *image.RGBA {
	if orientation == 1 {
		return picture
	}
	width, height := picture.Bounds().Dx(), picture.Bounds().Dy()
	seen := image.Rect(0, 0, width, height)
	if orientation >= 5 {
		seen = image.Rect(0, 0, height, width)
	}
	out := image.NewRGBA(seen)
	for y := range seen.Dy() {
		for x := range seen.Dx() {
			fromX, fromY := x, y
			if orientation >= 5 { // rows are columns
				fromX, fromY = y, x
			}
			switch orientation {
			case 2, 3, 7, 8:
				fromX = width - 1 - fromX
			}
			switch orientation {
			case 3, 4, 6, 7:
				fromY = height - 1 - fromY
			}
			out.SetRGBA(x, y, picture.RGBAAt(fromX, fromY))
		}
	}
	return out
}
