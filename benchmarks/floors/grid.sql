/* The risk grid by hand: Σ weight × score / Σ weight over the criteria that are rated,
   within a criterion the same over its sources; then the band. One row per buyer that
   has one: id, band, score. */
WITH company AS (SELECT * FROM res_company WHERE id = %(company)s),
source AS (SELECT * FROM credit_insurance_rating_source WHERE active AND weight > 0),
grade AS (
    SELECT grade.id, CASE scoring WHEN 'score' THEN score
                            WHEN 'best' THEN CASE WHEN credit_high_income_best THEN 100 END
               END AS score
      FROM credit_insurance_rating_grade grade, company),
country AS (
    SELECT rating.country_id, sum(source.weight * grade.score) / sum(source.weight) AS score
      FROM (SELECT DISTINCT ON (country_id, source_id) country_id, source_id, grade_id
              FROM credit_insurance_country_rating WHERE date <= %(today)s
             ORDER BY country_id, source_id, date DESC, id DESC) rating
      JOIN source ON source.id = rating.source_id
      JOIN grade ON grade.id = rating.grade_id AND grade.score IS NOT NULL
     GROUP BY 1),
sector AS (
    SELECT rating.industry_id, sum(source.weight * grade.score) / sum(source.weight) AS score
      FROM (SELECT DISTINCT ON (industry_id, source_id) industry_id, source_id, grade_id
              FROM credit_insurance_sector_rating WHERE date <= %(today)s
             ORDER BY industry_id, source_id, date DESC, id DESC) rating
      JOIN source ON source.id = rating.source_id
      JOIN grade ON grade.id = rating.grade_id AND grade.score IS NOT NULL
     GROUP BY 1),
own AS (
    SELECT rating.partner_id, source.criterion,
           sum(source.weight * rating.score) / sum(source.weight) AS score
      FROM (SELECT DISTINCT ON (partner_id, source_id) partner_id, source_id, score
              FROM credit_insurance_buyer_rating
             WHERE date <= %(today)s AND (company_id IS NULL OR company_id = %(company)s)
             ORDER BY partner_id, source_id, date DESC, id DESC) rating
      JOIN source ON source.id = rating.source_id
     GROUP BY 1, 2),
part AS (
    SELECT partner.id, country.score, company.credit_weight_country AS weight
      FROM company, res_partner partner JOIN country USING (country_id)
    UNION ALL
    SELECT partner.id, sector.score, company.credit_weight_sector
      FROM company, res_partner partner JOIN sector USING (industry_id)
    UNION ALL
    SELECT own.partner_id, own.score,
           CASE own.criterion WHEN 'agency' THEN company.credit_weight_agency
                              ELSE company.credit_weight_payment END
      FROM company, own),
scored AS (
    SELECT id, round((sum(weight * score) / NULLIF(sum(weight), 0))::numeric, 6) AS score
      FROM part GROUP BY id)
SELECT scored.id, band.id, scored.score
  FROM scored
  JOIN credit_insurance_band band
    ON band.active AND scored.score >= band.score_min
   AND (scored.score < band.score_max OR band.score_max = 100 AND scored.score = 100)
