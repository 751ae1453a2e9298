/* What dinoscope-dicom is asked to write: on its standard input a head of the
 * magic and three little-endian words of 32 bits (width, height, bytes of
 * text), the text in UTF-8, and the pixels, RGB. It answers with the length of
 * a DICOM file as such a word, and the file; with nothing when it cannot. */
#pragma once

#define DINO_DICOM_REQUEST_ARGUMENT "write"
#define DINO_DICOM_REQUEST_MAGIC "DINOSC1"
#define DINO_DICOM_REQUEST_HEAD 20

/* Characters of a Derivation Description (ST, PS3.5 6.2), counted as bytes. */
#define DINO_DICOM_REQUEST_TEXT 1024
