/* DICOM bytes to a picture: the only place that knows DCMTK and OpenJPEG.
 * C++ includes it inside extern "C". */
#pragma once

#include "io/dicom-message.h"

/* Loads the data dictionary and the codecs, which opens files; once, before
 * the sandbox closes. False when the dictionary is not there. */
bool dino_dicom_setup (void);

/* The picture in a DICOM file, all that picture.h says of one filled in but
 * low, high and histogram. frame: 0 takes the only one, else its number from 1.
 * NULL with *refusal filled in. Nothing is thrown. */
struct dino_picture *dino_dicom_decode (const uint8_t *data, size_t length, int frame, struct dino_dicom_refusal *refusal);
