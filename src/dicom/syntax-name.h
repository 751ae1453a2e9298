/* Transfer syntaxes younger than the DCMTK that this is built with. */
#pragma once

/* The name in PS3.6 A; the uid itself when it is not known. */
const char *dino_dicom_syntax_name (const char *uid);
