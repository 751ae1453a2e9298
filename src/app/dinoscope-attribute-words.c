#include "app/dinoscope-attribute-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* In the order in which a reader looks for them. */
static const struct
{
  const char *keyword;
  const char *title;
} titles[] = {
  { "Modality", N_ ("Modality") },
  { "BodyPartExamined", N_ ("Body part") },
  { "ViewPosition", N_ ("View position") },
  { "Laterality", N_ ("Laterality") },
  { "ImageLaterality", N_ ("Laterality") },
  { "PatientOrientation", N_ ("Patient orientation") },
  { "PhotometricInterpretation", N_ ("Photometric interpretation") },
  { "BitsAllocated", N_ ("Bits allocated") },
  { "BitsStored", N_ ("Bits stored") },
  { "HighBit", N_ ("High bit") },
  { "PixelRepresentation", N_ ("Pixel representation") },
  { "PixelIntensityRelationship", N_ ("Pixel intensity relationship") },
  { "PixelIntensityRelationshipSign", N_ ("Sign of the relationship") },
  { "PresentationLUTShape", N_ ("Presentation LUT shape") },
  { "TransferSyntax", N_ ("Transfer syntax") },
  { "LossyImageCompression", N_ ("Lossy compression") },
  { "LossyImageCompressionRatio", N_ ("Compression ratio") },
  { "ImagerPixelSpacing", N_ ("Imager pixel spacing, mm") },
  { "PixelSpacing", N_ ("Pixel spacing of the file, mm") },
  { "PixelSpacingCalibrationType", N_ ("Calibration of the spacing") },
  { "KVP", N_ ("Tube voltage, kV") },
  { "Exposure", N_ ("Exposure, mAs") },
  { "ExposureTime", N_ ("Exposure time, ms") },
  { "DistanceSourceToDetector", N_ ("Source to detector, mm") },
};

static const struct
{
  const char *keyword;
  const char *code;
  const char *meaning;
} codes[] = {
  { "Modality", "CR", N_ ("computed radiography") },
  { "Modality", "DX", N_ ("digital radiography") },
  { "Modality", "RF", N_ ("radiofluoroscopy") },
  { "Modality", "RG", N_ ("radiographic imaging, film") },
  { "Modality", "CT", N_ ("computed tomography") },
  { "Modality", "MG", N_ ("mammography") },
  { "Modality", "MR", N_ ("magnetic resonance") },
  { "Modality", "OT", N_ ("other") },
  { "ViewPosition", "PA", N_ ("back to front") },
  { "ViewPosition", "AP", N_ ("front to back") },
  { "ViewPosition", "LL", N_ ("left lateral") },
  { "ViewPosition", "RL", N_ ("right lateral") },
  { "Laterality", "R", N_ ("right") },
  { "Laterality", "L", N_ ("left") },
  { "ImageLaterality", "R", N_ ("right") },
  { "ImageLaterality", "L", N_ ("left") },
  { "ImageLaterality", "B", N_ ("both") },
  { "ImageLaterality", "U", N_ ("unpaired") },
  { "PhotometricInterpretation", "MONOCHROME1", N_ ("smallest value white") },
  { "PhotometricInterpretation", "MONOCHROME2", N_ ("smallest value black") },
  { "PixelRepresentation", "0", N_ ("unsigned") },
  { "PixelRepresentation", "1", N_ ("signed") },
  { "PixelIntensityRelationship", "LIN", N_ ("linear to X-ray intensity") },
  { "PixelIntensityRelationship", "LOG", N_ ("logarithmic") },
  { "PixelIntensityRelationship", "DISP", N_ ("for display") },
  { "PixelIntensityRelationshipSign", "1", N_ ("more X-ray, larger value") },
  { "PixelIntensityRelationshipSign", "-1", N_ ("more X-ray, smaller value") },
  { "LossyImageCompression", "00", N_ ("never") },
  { "LossyImageCompression", "01", N_ ("yes: values are not those of the detector") },
};

guint
dinoscope_attribute_rank (const char *keyword)
{
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].keyword, keyword))
      return i;
  return G_N_ELEMENTS (titles);
}

/* Whether a word begins at text[i]: at a capital that follows a small letter,
 * or that a small letter follows. */
static gboolean
begins_word (const char *text, gsize i)
{
  if (i == 0 || !g_ascii_isupper (text[i]))
    return FALSE;
  return !g_ascii_isupper (text[i - 1]) || g_ascii_islower (text[i + 1]);
}

static char *
take_apart (const char *keyword)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; keyword[i] != '\0'; i++)
    {
      gboolean begins = begins_word (keyword, i);

      if (begins)
        g_string_append_c (text, ' ');
      /* An abbreviation keeps its capitals. */
      g_string_append_c (text, begins && g_ascii_islower (keyword[i + 1]) ? g_ascii_tolower (keyword[i]) : keyword[i]);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
dinoscope_attribute_title (const char *keyword)
{
  guint rank = dinoscope_attribute_rank (keyword);

  return rank < G_N_ELEMENTS (titles) ? g_strdup (_ (titles[rank].title)) : take_apart (keyword);
}

char *
dinoscope_attribute_value (const char *keyword, const char *value)
{
  g_auto (GStrv) values = g_strsplit (value, "\\", -1);

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_str_equal (codes[i].keyword, keyword) && g_str_equal (codes[i].code, value))
      return g_strdup_printf ("%s (%s)", value, _ (codes[i].meaning));
  return g_strjoinv (", ", values);
}
