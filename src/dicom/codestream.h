/* The compressed pictures that DICOM files carry: what they say of their size,
 * and decoding JPEG 2000, which DCMTK does not. */
#pragma once

#include "io/dicom-message.h"

struct dino_jpeg_frame
{
  int columns, rows;
  int precision; /* bits a sample */
  int n_components;
};

/* The frame header of a JPEG or JPEG-LS stream (ITU-T T.81 B.2.2, T.87 C.2.2);
 * false when there is none. */
bool dino_jpeg_read_frame (const uint8_t *data, size_t length, struct dino_jpeg_frame *frame);

/* Whether the header of an RLE frame (PS3.5 G.5) is that of so many segments,
 * all of which begin inside of it, one after the other. */
bool dino_rle_check (const uint8_t *data, size_t length, int n_segments);

/* One grey component of columns x rows, of at most that many bits, as values
 * [rows, columns], two's complement where the stream is signed. Another size,
 * several components or a damaged stream give false with reason, a and b of
 * *refusal set. */
bool dino_jpeg2000_decode (const uint8_t *data, size_t length, int columns, int rows, int bits, uint16_t *values, struct dino_dicom_refusal *refusal);
