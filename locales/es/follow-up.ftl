### New facts. Machine draft, for people to revise and approve.

follow-up = Este es un nuevo aviso sobre lo que pasó con nuestros ordenadores, y reemplaza al anterior.
follow-up-short = { $org }: tenemos algo más que decirle sobre quienes entraron en nuestros ordenadores y accedieron a datos de usted.
