/* Texts of a DICOM file. For C++. */
#pragma once

#include <cstddef>
#include <string>

/* UTF-8 of a text in the default repertoire, ISO_IR 100 or UTF-8, as charset
 * (SpecificCharacterSet) says; letters of other repertoires become "?". Control
 * characters are left out. */
std::string dino_dicom_to_utf8 (const std::string &text, const std::string &charset);

/* As much of text as buffer holds, never half a letter. */
void dino_dicom_copy_text (char *buffer, size_t size, const std::string &text);
